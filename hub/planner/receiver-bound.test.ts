import { describe, expect, it } from 'vitest';
import { randomProblem, seededRandom } from '../../test/builders/planning-problem.ts';
import { referenceOptimum } from '../../test/planner/reference-optimum.ts';
import { startPrices } from './lane-bound.ts';
import { markets, openLanes } from './market.ts';
import { buildNetwork } from './network.ts';
import { packAtOnce } from './pack-problem.ts';
import { searchPrices } from './price-search.ts';
import { receiverChoice } from './receiver-bound.ts';

const goesOn = { incumbent: 0, goal: 0, shouldStop: () => false };

describe('the bound with all lanes into a store chosen together', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is never below the optimum, wherever its prices stand and whichever lanes it chooses among (seed %i)',
    { timeout: 60_000 },
    async (seed) => {
      const problem = randomProblem({
        seed,
        stores: 5,
        skus: 3,
        lanesPerStore: 3,
        fixed: 6,
        ordered: seed % 2 === 0 ? 0.3 : 0,
        capacitated: seed % 3 === 0 ? 0.5 : 0,
        ...(seed % 4 === 0 ? { maxUnits: 2 } : {}),
      });
      const packed = packAtOnce(problem);
      const lanes = openLanes(packed);
      const network = buildNetwork(lanes, [...markets(packed, lanes)]);
      const random = seededRandom(seed);
      const optimum = await referenceOptimum(problem);
      for (const maxLanes of [1, 2, 10]) {
        const openShare = Float64Array.from({ length: network.laneCount }, random);
        const joint = receiverChoice(network, { prices: startPrices(network), openShare }, maxLanes);
        const search = searchPrices(network, { joint, scale: 0.5 });
        for (let look = 0; look < 12; look += 1) {
          search.advance({ ...goesOn, iterations: 5 });
          expect(search.bound).toBeGreaterThanOrEqual(optimum - 1e-6);
        }
      }
    },
  );
});
