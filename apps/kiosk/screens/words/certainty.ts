/** Probabilities in words. The steps are ours, the same on every screen, and symmetric around one half. */
export const certainties = [
  'surely-gone',
  'very-likely-gone',
  'probably-gone',
  'open',
  'probably-there',
  'very-likely-there',
  'surely-there',
] as const;
export type Certainty = (typeof certainties)[number];

/** Upper bounds (exclusive) of the first six steps. */
const bounds = [0.03, 0.15, 0.35, 0.65, 0.85, 0.97] as const;

/** @param confidence P(on-hand >= 1) */
export function certaintyOf(confidence: number): Certainty {
  const step = bounds.findIndex((bound) => confidence < bound);
  return certainties[step === -1 ? certainties.length - 1 : step] ?? 'open';
}

export type Tone = 'good' | 'warn' | 'bad';

/** How a stock confidence is coloured, always beside its words. */
export function toneOf(confidence: number): Tone {
  if (confidence >= 0.65) return 'good';
  return confidence >= 0.35 ? 'warn' : 'bad';
}
