import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AcceptedLife, admit } from './admission.ts';

describe("a device's life", () => {
  it('is accepted the first time, again under the same start, and as a descendant of the accepted one', () => {
    const first = { epoch: 1, start: 'a', lineage: ['a'] };
    expect(admit(undefined, first)).toEqual({ kind: 'accepted' });
    expect(admit({ epoch: 1, start: 'a' }, first)).toEqual({ kind: 'accepted' });
    const later = { epoch: 1, start: 'd', lineage: ['a', 'b', 'c', 'd'] };
    expect(admit({ epoch: 1, start: 'a' }, later)).toEqual({ kind: 'accepted' });
  });

  it('is refused when it comes from a copy, from an old backup, or from before a restore', () => {
    const accepted: AcceptedLife = { epoch: 2, start: 'c' };
    for (const asking of [
      { epoch: 2, start: 'b', lineage: ['b'] },
      { epoch: 2, start: 'x', lineage: ['a', 'b', 'x'] },
      { epoch: 1, start: 'c', lineage: ['c'] },
    ])
      expect(admit(accepted, asking)).toMatchObject({
        kind: 'fenced',
        text: expect.stringContaining('Stop') as string,
      });
  });

  it('that is restored as a new epoch takes over, and its source is refused from then on', () => {
    expect(admit({ epoch: 1, start: 'a' }, { epoch: 2, start: 'r', lineage: ['r'] })).toEqual({
      kind: 'accepted',
    });
    expect(admit({ epoch: 2, start: 'r' }, { epoch: 1, start: 'b', lineage: ['a', 'b'] }).kind).toBe(
      'fenced',
    );
  });

  it('of two copies never both are accepted for good, in whatever order they start, crash and ask', () => {
    const step = fc.record({ who: fc.nat(1), what: fc.constantFrom('start', 'ask') });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const copies = [0, 1].map(() => ({ start: 'origin', lineage: ['origin'] }));
        let accepted: AcceptedLife = { epoch: 1, start: 'origin' };
        const fencedBy = new Map<number, number>();
        let nonce = 0;
        for (const { who, what } of steps) {
          const copy = copies[who];
          if (!copy) continue;
          if (what === 'start') {
            copy.start = `n${(nonce += 1)}`;
            copy.lineage = [...copy.lineage, copy.start];
            continue;
          }
          const verdict = admit(accepted, { epoch: 1, ...copy });
          const isDescendant = copy.lineage.includes(accepted.start);
          expect(verdict.kind).toBe(isDescendant ? 'accepted' : 'fenced');
          if (verdict.kind === 'accepted') {
            accepted = { epoch: 1, start: copy.start };
            copy.lineage = [copy.start];
          } else fencedBy.set(who, who === 0 ? 1 : 0);
        }
        // Both fenced would leave the store without a hub.
        expect(fencedBy.size).toBeLessThan(2);
      }),
    );
  });
});
