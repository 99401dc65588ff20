import { describe, expect, it } from 'vitest';
import { randomProblem } from '../../test/builders/planning-problem.ts';
import { FlowSearch } from './flow-search.ts';
import { FlowState } from './flow-state.ts';
import { planValue, searchLanes } from './lane-search.ts';
import { shakeLanes } from './lane-shake.ts';
import { fillMarket } from './market-flow.ts';
import { markets, openLanes } from './market.ts';
import { buildNetwork, type Network } from './network.ts';
import { packAtOnce } from './pack-problem.ts';
import { settleRoles } from './settle-roles.ts';

function networkOf(seed: number): Network {
  const size = { seed, stores: 12, skus: 30, lanesPerStore: 6, fixed: 8, ordered: seed % 2 === 0 ? 0.1 : 0 };
  const packed = packAtOnce(randomProblem({ ...size, capacitated: seed % 3 === 0 ? 0.5 : 0 }));
  const lanes = openLanes(packed);
  return buildNetwork(lanes, [...markets(packed, lanes)]);
}

function searched(network: Network): FlowSearch {
  const flows = new FlowSearch(new FlowState(network));
  flows.state.isOpen.fill(1);
  for (let market = 0; market < network.markets.length; market += 1) fillMarket(flows, market);
  while (settleRoles(flows) > 0);
  const all = Array.from({ length: network.laneCount }, (_, lane) => lane);
  return searchLanes(flows, { candidates: all, doubtful: all, shouldStop: () => false });
}

describe('turning over two lanes at a time', () => {
  it.each([1, 2, 3, 4, 5, 6])(
    'leaves the best plan it found, whenever it is stopped, in which flows are what their lanes allow (seed %i)',
    (seed) => {
      const network = networkOf(seed);
      const candidates = Array.from({ length: network.laneCount }, (_, lane) => lane);
      let last = Number.NEGATIVE_INFINITY;
      for (const most of [0, 1, 7, 60]) {
        const flows = searched(network);
        const before = planValue(flows.state);
        const values = [before];
        let turns = 0;
        const value = shakeLanes(flows, {
          candidates,
          patience: 50,
          shouldStop: () => turns++ >= most,
          onBetter: (better) => values.push(better),
        });
        const { pairLane, lanes } = network;
        const loads = new Float64Array(network.laneCount);
        for (const [pair, units] of flows.state.pairUnits.entries()) {
          const lane = pairLane[pair] ?? 0;
          loads[lane] = (loads[lane] ?? 0) + units;
        }
        expect(values).toEqual(values.toSorted((a, b) => a - b));
        expect(value).toBeCloseTo(values.at(-1) ?? 0, 9);
        expect(planValue(flows.state)).toBeCloseTo(value, 6);
        expect(value).toBeGreaterThanOrEqual(last - 1e-6);
        for (const [lane, load] of loads.entries()) {
          expect(load).toBe(flows.state.laneUnits[lane]);
          expect(load).toBeLessThanOrEqual(lanes.capacity[lane] ?? 0);
          expect(load === 0 || flows.state.isOpen[lane] === 1).toBe(true);
        }
        for (const node of flows.state.given.keys())
          expect(flows.state.given[node] === 0 || flows.state.takenBy(node) === 0).toBe(true);
        last = value;
      }
    },
  );

  it('finds a better plan where a search lane by lane has ended', () => {
    const gains = [1, 3, 7].map((seed) => {
      const network = networkOf(seed);
      const flows = searched(network);
      const before = planValue(flows.state);
      const candidates = Array.from({ length: network.laneCount }, (_, lane) => lane);
      let turns = 0;
      const shouldStop = (): boolean => turns++ >= 100;
      return shakeLanes(flows, { candidates, shouldStop, patience: 300, onBetter: () => undefined }) - before;
    });
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...gains)).toBeGreaterThan(0);
  });
});
