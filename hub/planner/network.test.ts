import { describe, expect, it } from 'vitest';
import { randomProblem } from '../../test/builders/planning-problem.ts';
import { markets, openLanes } from './market.ts';
import { buildNetwork } from './network.ts';
import { packAtOnce } from './pack-problem.ts';

describe('a network', () => {
  it('that would not fit in memory is refused with what to do, before memory runs out', () => {
    const packed = packAtOnce(randomProblem({ seed: 2, stores: 6, skus: 4, fixed: 1 }));
    const lanes = openLanes(packed);
    const found = [...markets(packed, lanes)];
    const { pairLane } = buildNetwork(lanes, found);
    expect(pairLane.length).toBeGreaterThan(10);
    expect(() => buildNetwork(lanes, found, pairLane.length)).not.toThrow();
    expect(() => buildNetwork(lanes, found, pairLane.length - 1)).toThrow(
      expect.objectContaining({ code: 'plan-too-large' }) as Error,
    );
  });
});
