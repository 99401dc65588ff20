/** How long a plan may take when nobody says: seconds for a region, under two minutes for a chain. */
const REGION_POSITIONS = 15_000;
const REGION_SECONDS = 15;
const MOST_SECONDS = 100;
/** A chain has many more SKU-stores than a region, and its lanes are each clearer. */
const GROWTH = 0.45;

export function usualTimeLimit(positions: number): number {
  const grown = REGION_SECONDS * (positions / REGION_POSITIONS) ** GROWTH;
  return Math.min(MOST_SECONDS, Math.max(REGION_SECONDS, grown));
}
