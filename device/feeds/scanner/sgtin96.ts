/** SGTIN-96 EPCs from RFID readers (GS1 EPC Tag Data Standard, section 14.6.1): 96 bits as 24 hex digits. */
import { checkDigitFor } from './check-digit.ts';

export interface Sgtin {
  readonly gtin: string;
  readonly serial: string;
  readonly filter: number;
}

const HEADER = 0x30n;
/** By partition: digits of the company prefix; its bits and those of the item reference. */
const PARTITIONS: ReadonlyArray<readonly [digits: number, bits: number, referenceBits: number]> = [
  [12, 40, 4],
  [11, 37, 7],
  [10, 34, 10],
  [9, 30, 14],
  [8, 27, 17],
  [7, 24, 20],
  [6, 20, 24],
];
const SERIAL_BITS = 38n;

export function decodeSgtin96(hex: string): Sgtin | undefined {
  if (!/^[0-9A-Fa-f]{24}$/.test(hex)) return undefined;
  const epc = BigInt(`0x${hex}`);
  if (epc >> 88n !== HEADER) return undefined;
  const partition = PARTITIONS[Number((epc >> 82n) & 7n)];
  if (!partition) return undefined;
  const [digits, bits, referenceBits] = partition;
  const numbers = (epc >> SERIAL_BITS) & ((1n << BigInt(bits + referenceBits)) - 1n);
  const prefix = String(numbers >> BigInt(referenceBits)).padStart(digits, '0');
  const reference = String(numbers & ((1n << BigInt(referenceBits)) - 1n)).padStart(13 - digits, '0');
  if (prefix.length > digits || reference.length > 13 - digits) return undefined;
  const body = `${reference[0]}${prefix}${reference.slice(1)}`;
  return {
    gtin: body + checkDigitFor(body),
    serial: String(epc & ((1n << SERIAL_BITS) - 1n)),
    filter: Number((epc >> 85n) & 7n),
  };
}
