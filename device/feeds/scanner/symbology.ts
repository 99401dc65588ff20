/** AIM symbology identifiers (ISO/IEC 15424) and how the data behind each is to be read. */
export type Reading =
  /** EAN-13, UPC-A and UPC-E, always sent as 13 digits. */
  | 'ean13'
  | 'ean8'
  /** EAN-13 with a two or five digit add-on. */
  | 'ean13-addon'
  /** GS1 application identifiers. */
  | 'ai'
  /** Interleaved 2 of 5; 14 digits are a GTIN. */
  | 'itf'
  /** Anything; a Digital Link URI is looked into. */
  | 'text';

const textModifiers: Readonly<Record<string, string>> = {
  A: '01234567',
  C: '024',
  E: '12',
  F: '0124',
  G: '0',
  J: '02345',
  L: '012345',
  O: '0145',
  Q: '012456',
  U: '0123',
  d: '01345',
  z: '0123456789ABC',
};

const special: Readonly<Record<string, Reading>> = {
  E0: 'ean13',
  E3: 'ean13-addon',
  E4: 'ean8',
  C1: 'ai',
  e0: 'ai',
  d2: 'ai',
  Q3: 'ai',
  J1: 'ai',
  I0: 'itf',
  I1: 'itf',
  I3: 'itf',
};

/** @param identifier two characters, without the `]` */
export function readingOf(identifier: string): Reading | undefined {
  const [letter = '', modifier = ''] = identifier;
  if (Object.hasOwn(special, identifier)) return special[identifier];
  return modifier !== '' && Object.hasOwn(textModifiers, letter) && textModifiers[letter]?.includes(modifier)
    ? 'text'
    : undefined;
}
