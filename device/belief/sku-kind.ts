/**
 * What kind of SKU it is, in one whole number: its group (a category) and how much of it the store had when its stock
 * was first known. SKUs of a kind have the same prior over demand (rate-groups.ts).
 */
const LEVELS = 64;
/** Levels per unit of the natural logarithm: stocks a fifth apart are told apart where they are large. */
const PER_LOG = 4;

/** The level of a SKU whose stock is not known yet. */
export const UNKNOWN_STOCK = 0;

export const kindOf = (group: number, level: number): number => group * LEVELS + level;
export const groupOf = (kind: number): number => Math.floor(kind / LEVELS);
export const levelOf = (kind: number): number => kind % LEVELS;

/** The level of a stock in units. None tells nothing about demand: it may be out, or never kept. */
export const levelOfStock = (units: number): number =>
  units > 0 ? Math.min(LEVELS - 1, 1 + Math.round(PER_LOG * Math.log1p(units))) : UNKNOWN_STOCK;

/** The logarithm of one and the units, at a level. */
export const stockAt = (level: number): number => (level - 1) / PER_LOG;

/** A category's number: 32-bit FNV-1a, never 0. */
export function groupOfCategory(category: string | undefined): number {
  if (category === undefined || category === '') return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < category.length; i++) hash = Math.imul(hash ^ category.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
