/** One sentence with numbers for each move: what it brings, what it costs, what the donor risks. */
import type { PlannedUnits, PlanningNeed } from '../../protocol/index.ts';
import type { MoveWorth } from './price-moves.ts';

export function explainMove(
  needOf: (row: number) => PlanningNeed,
  move: PlannedUnits,
  worth: MoveWorth,
): string {
  const brings = [...served(needOf, worth), ...stocked(worth)].join(' and ');
  const percent = (100 * worth.confidence).toFixed(worth.confidence > 0.995 && worth.confidence < 1 ? 1 : 0);
  return (
    `${units(move.qty)} of ${move.sku} from ${move.from} to ${move.to}: ${brings}; ` +
    `moving costs ${money(worth.cost)}, ${move.from} expects to lose ${money(worth.donorLoss)} ` +
    `and is ${percent} % sure to have what it gives; net ${money(worth.value - worth.cost - worth.donorLoss)}.`
  );
}

function served(needOf: (row: number) => PlanningNeed, { served }: MoveWorth): string[] {
  return served.map(({ need, units: count }) => {
    const { order, value, dueHours } = needOf(need);
    const what = order === undefined ? 'a need' : `order ${order}`;
    return `serves ${units(count)} of ${what} within its ${dueHours} h, worth ${money(count * value)}`;
  });
}

function stocked({ stockUnits, stockValue }: MoveWorth): string[] {
  if (stockUnits === 0) return [];
  return [
    `puts ${units(stockUnits)} on the shelf, expected to earn ${money(stockValue)} before the next delivery`,
  ];
}

const units = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;
export const money = (amount: number): string => amount.toFixed(2);
