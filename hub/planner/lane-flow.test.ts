import { describe, expect, it } from 'vitest';
import { randomProblem, seededRandom } from '../../test/builders/planning-problem.ts';
import { FlowSearch } from './flow-search.ts';
import { FlowState } from './flow-state.ts';
import { closeLane, openLane } from './lane-flow.ts';
import { fillMarket } from './market-flow.ts';
import { markets, openLanes } from './market.ts';
import { buildNetwork, type Network } from './network.ts';
import { packAtOnce } from './pack-problem.ts';

function flowsFromNothing(network: Network, isOpen: ArrayLike<number>): FlowSearch {
  const flows = new FlowSearch(new FlowState(network));
  flows.state.isOpen.set(isOpen);
  for (let market = 0; market < network.markets.length; market += 1) fillMarket(flows, market);
  flows.state.mark();
  return flows;
}

describe('flows while lanes open and close', () => {
  it.each(Array.from({ length: 24 }, (_, at) => at + 1))(
    'stay the best there are for the lanes that are open, also when it is taken back (seed %i)',
    (seed) => {
      const problem = randomProblem({
        seed,
        stores: 4 + (seed % 12),
        skus: 6,
        fixed: 2,
        ordered: seed % 3 === 0 ? 0 : 0.3,
        cheapNeeds: seed % 2 === 0,
        pmf: seed % 5 === 0,
      });
      const packed = packAtOnce(problem);
      const lanes = openLanes(packed);
      const network = buildNetwork(lanes, [...markets(packed, lanes)]);
      const random = seededRandom(seed);
      const flows = flowsFromNothing(network, new Uint8Array(network.laneCount).fill(1));
      const { state } = flows;
      for (let change = 0; change < 30; change += 1) {
        const lane = Math.floor(random() * network.laneCount);
        const wasOpen = state.isOpen[lane] === 1;
        const before = state.value;
        state.mark();
        if (wasOpen) closeLane(flows, lane);
        else openLane(flows, lane);
        const isUndone = random() < 0.4;
        if (isUndone) {
          state.undo();
          state.isOpen[lane] = wasOpen ? 1 : 0;
        }
        expect(state.value).toBeCloseTo(isUndone ? before : state.value, 6);
        expect(state.value).toBeCloseTo(flowsFromNothing(network, state.isOpen).state.value, 6);
      }
    },
  );
});
