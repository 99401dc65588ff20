/**
 * The lines that shop scales send. Each dialect is a pattern and what it says; a line that matches none is
 * refused. Sources: Mettler-Toledo SICS reference, A&D and CAS standard output, NCI and Toledo 8217 protocols.
 */
const GRAMS_PER: Readonly<Record<string, number>> = {
  kg: 1000,
  g: 1,
  lb: 453.592_37,
  lbs: 453.592_37,
  oz: 28.349_523_125,
  t: 1_000_000,
};
/** Heavier than any scale in a shop: a transmission error. */
const MAX_GRAMS = 10_000_000;
const NUMBER = '(?<number>[-+]?\\s*\\d{1,7}(?:[.,]\\d{1,5})?)';
const UNIT = '(?<unit>kg|g|lbs?|oz|t)';

export type ScaleLine =
  | { readonly kind: 'weight'; readonly grams: number; readonly stable: boolean | 'unsaid' }
  /** NCI sends weight and state in two lines. */
  | { readonly kind: 'state'; readonly stable: boolean }
  | { readonly kind: 'refused'; readonly reason: string };

export interface ScaleFormat {
  /** For scales that send bare digits. */
  readonly unit: 'kg' | 'g' | 'lb' | 'oz';
  readonly decimals: number;
}

type Groups = Readonly<Record<string, string | undefined>>;
type Dialect = readonly [pattern: RegExp, read: (groups: Groups, format: ScaleFormat) => ScaleLine];

const refused = (reason: string): ScaleLine => ({ kind: 'refused', reason });

function weight({ number = '', unit = '' }: Groups, stable: boolean | 'unsaid'): ScaleLine {
  const grams = Math.round(
    Number(number.replace(/\s/g, '').replace(',', '.')) * (GRAMS_PER[unit.toLowerCase()] ?? Number.NaN),
  );
  if (!Number.isFinite(grams) || Math.abs(grams) > MAX_GRAMS) return refused('weight is out of range');
  return { kind: 'weight', grams: grams === 0 ? 0 : grams, stable };
}

const dialects: readonly Dialect[] = [
  // Mettler-Toledo SICS: S S 6.245 kg (stable), S D (moving); S I, S +, S - carry no weight.
  [
    new RegExp(`^S\\s+(?<state>[SD])\\s+${NUMBER}\\s*${UNIT}$`, 'i'),
    (groups) => weight(groups, groups['state']?.toUpperCase() === 'S'),
  ],
  [/^S\s+(?<state>[I+-])$/i, ({ state }) => refused(sicsReasons[state ?? ''] ?? 'scale is busy')],
  // A&D, CAS: ST,GS,+0006.245kg (stable), US (moving), OL (overload), QT (count).
  [
    new RegExp(`^(?<state>ST|US)\\s*,(?:\\s*(?:GS|NT|TR|N|G)\\s*,)?\\s*${NUMBER}\\s*${UNIT}$`, 'i'),
    (groups) => weight(groups, groups['state']?.toUpperCase() === 'ST'),
  ],
  [/^OL\b/i, () => refused('scale is overloaded')],
  // NCI: 06.245KG, then S and two state characters; bit 0 of the first one is motion.
  [
    /^S(?<state>[0-9A-F])[0-9A-F]{1,3}$/i,
    ({ state = '' }) => ({ kind: 'state', stable: (Number.parseInt(state, 16) & 1) === 0 }),
  ],
  [new RegExp(`^${NUMBER}\\s*${UNIT}$`, 'i'), (groups) => weight(groups, 'unsaid')],
  // Toledo 8217: bare digits, five or six of them, unit and decimals as set at the scale; sent when stable.
  [/^(?<digits>\d{5,6})$/, ({ digits = '' }, format) => bare(digits, format)],
  [/^\?.{0,3}$/, () => refused('scale is moving, below zero or overloaded')],
];

const sicsReasons: Readonly<Record<string, string>> = {
  I: 'scale cannot weigh now',
  i: 'scale cannot weigh now',
  '+': 'scale is overloaded',
  '-': 'scale is below its range',
};

const bare = (digits: string, { unit, decimals }: ScaleFormat): ScaleLine =>
  weight(
    { number: `${digits.slice(0, digits.length - decimals) || '0'}.${digits.slice(-decimals) || '0'}`, unit },
    true,
  );

export function readScaleLine(line: string, format: ScaleFormat): ScaleLine {
  for (const [pattern, read] of dialects) {
    const match = pattern.exec(line);
    if (match) return read(match.groups ?? {}, format);
  }
  return refused('no scale protocol has such a line');
}
