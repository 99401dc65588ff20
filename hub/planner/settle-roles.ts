/**
 * A SKU-store never gives and receives. Flows are found without that rule, and where one breaks it the node is made
 * to do only one of the two: both are tried, its units sent the cheapest other ways, and the better one stays.
 */
import type { FlowSearch } from './flow-search.ts';
import { role } from './flow-state.ts';
import { fillMarket } from './market-flow.ts';
import { sendElsewhere } from './unit-moves.ts';

/** Settles every node that both gives and receives; returns how many there were. */
export function settleRoles(flows: FlowSearch): number {
  const { state } = flows;
  const { nodeStart, markets, limitedLanes } = state.network;
  const hasLimits = limitedLanes.length > 0;
  let settled = 0;
  for (let market = 0; market < markets.length; market += 1) {
    let changed = 0;
    for (let node = nodeStart[market] as number; node < (nodeStart[market + 1] as number); node += 1) {
      if (state.given[node] === 0 || state.takenBy(node) === 0) continue;
      state.mark();
      changed += 1;
      assume(flows, { node, as: role.give });
      const asGiver = state.value;
      state.undo();
      assume(flows, { node, as: role.take });
      if (state.value >= asGiver) continue;
      state.undo();
      assume(flows, { node, as: role.give });
    }
    // Room on lanes that became free may serve other units; without such lanes the flow is the best already.
    if (changed > 0 && hasLimits) fillMarket(flows, market);
    settled += changed;
  }
  state.mark();
  return settled;
}

interface Assumption {
  readonly node: number;
  readonly as: typeof role.give | typeof role.take;
}

function assume(flows: FlowSearch, { node, as }: Assumption): void {
  const { state } = flows;
  const { byFrom, byClass, classStart } = state.network;
  state.role[node] = as;
  const gives = as === role.give;
  const { item, start } = gives ? byClass : byFrom;
  const first = start[gives ? (classStart[node] as number) : node] as number;
  const end = start[gives ? (classStart[node + 1] as number) : node + 1] as number;
  for (let row = first; row < end; row += 1) {
    const pair = item[row] as number;
    while ((state.pairUnits[pair] as number) > 0) sendElsewhere(flows, pair);
  }
}
