import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mergeByOwner, type PushRow, type WireDocument, type Writer } from '../../protocol/index.ts';
import { anException, aPosition, aTask, aTransfer } from '../../test/builders/documents.ts';
import { type HubState, judgePush, readWire, toWire } from './judge-push.ts';

const state = (document: object, deleted = false): HubState =>
  readWire({ ...document, _deleted: deleted } as WireDocument);
const row = (next: object, assumed: object | null = null): PushRow => ({
  next: { ...next, _deleted: false } as WireDocument,
  assumed: assumed && ({ ...assumed, _deleted: false } as WireDocument),
});
const exception = anException({ id: 'e', store: 'harbour' });
const transfer = aTransfer({ id: 't' });

describe('a pushed document', () => {
  it('is written when it is new, and is the same when it comes again', () => {
    expect(judgePush('exceptions', undefined, row(exception), 'harbour')).toEqual({
      kind: 'write',
      state: state(exception),
      conflict: false,
    });
    expect(judgePush('exceptions', state(exception), row(exception), 'harbour')).toEqual({ kind: 'same' });
  });

  it('is a conflict when the device changed an older state, and is written when it changed the present one', () => {
    const current = { ...exception, caseId: 'c-1' };
    const next = { ...exception, state: 'closed' };
    expect(judgePush('exceptions', state(current), row(next, exception), 'harbour')).toEqual({
      kind: 'conflict',
      state: state(current),
    });
    const merged = { ...next, caseId: 'c-1' };
    expect(judgePush('exceptions', state(current), row(merged, current), 'harbour')).toMatchObject({
      kind: 'write',
    });
  });

  it("keeps the hub's fields whatever the device says, and tells it so", () => {
    const current = { ...exception, caseId: 'c-1' };
    const forged = { ...current, caseId: 'c-9', state: 'closed' };
    expect(judgePush('exceptions', state(current), row(forged, current), 'harbour')).toEqual({
      kind: 'write',
      state: state({ ...current, state: 'closed' }),
      conflict: true,
    });
    const fresh = judgePush('exceptions', undefined, row({ ...exception, caseId: 'c-9' }), 'harbour');
    expect(fresh).toEqual({ kind: 'write', state: state(exception), conflict: true });
  });

  it.each([
    ['another store', 'exceptions', anException({ id: 'e', store: 'market' }), /another store/],
    [
      'a transfer the store is no part of',
      'transfers',
      aTransfer({ id: 't', from: 'a', to: 'b' }),
      /another store/,
    ],
    ['a transfer that only the hub makes', 'transfers', transfer, /only the hub makes it/],
    [
      'a task in the name of the hub',
      'tasks',
      aTask({ id: 'k', store: 'harbour', createdBy: 'hub' }),
      /only the hub/,
    ],
    [
      'a collection that only the hub writes',
      'staff',
      { id: 's', store: 'harbour' },
      /only the hub writes staff/,
    ],
    ['a broken field', 'exceptions', { ...exception, confidence: 2 }, /confidence/],
    ['a zero character', 'exceptions', { ...exception, name: '\0' }, /zero character/],
    ['half a surrogate', 'exceptions', { ...exception, extra: ['\ud83d'] }, /surrogate/],
    [
      'a prototype',
      'exceptions',
      JSON.parse(JSON.stringify(exception).replace('{', '{"__proto__":{},')),
      /__proto__/,
    ],
    [
      'too much',
      'positions',
      { ...aPosition({ store: 'harbour', sku: '1' }), more: 'x'.repeat(130_000) },
      /bytes/,
    ],
  ] as const)('is refused with a reason when it is %s', (_what, collection, next, reason) => {
    const verdict = judgePush(collection, undefined, row(next as object), 'harbour');
    expect(verdict).toMatchObject({ kind: 'refused', reason: expect.stringMatching(reason) as string });
  });

  it("does not show a store another's document under the same id", () => {
    const current = state(anException({ id: 'e', store: 'market', name: 'secret' }));
    const verdict = judgePush('exceptions', current, row(exception), 'harbour');
    expect(verdict).toEqual({ kind: 'refused', reason: 'its id is taken by a document of another store' });
  });

  it('is removed only by whoever owns it', () => {
    const gone = { next: { ...exception, _deleted: true }, assumed: { ...exception, _deleted: false } };
    expect(judgePush('exceptions', state(exception), gone, 'harbour')).toMatchObject({
      kind: 'write',
      state: { deleted: true },
    });
    const noTransfer = { next: { ...transfer, _deleted: true }, assumed: { ...transfer, _deleted: false } };
    expect(judgePush('transfers', state(transfer), noTransfer, 'harbour')).toEqual({
      kind: 'conflict',
      state: state(transfer),
    });
  });
});

describe('replicas that write one transfer without hearing each other', () => {
  /** A device as RxDB replicates it: its own state and what it believes the hub has. */
  class Replica {
    readonly store: string;
    fork = { ...transfer } as Record<string, unknown>;
    assumed = { ...transfer } as Record<string, unknown>;
    constructor(store: string) {
      this.store = store;
    }
    push(hub: { state: HubState }): void {
      for (let tries = 0; tries < 5; tries += 1) {
        const verdict = judgePush('transfers', hub.state, row(this.fork, this.assumed), this.store);
        if (verdict.kind === 'write') hub.state = verdict.state;
        const theirs =
          verdict.kind === 'conflict' || (verdict.kind === 'write' && verdict.conflict)
            ? hub.state
            : undefined;
        if (!theirs) {
          this.assumed = this.fork;
          return;
        }
        const writer: Writer = { side: 'store', store: this.store };
        this.fork = mergeByOwner('transfers', theirs.document, this.fork as HubState['document'], writer);
        this.assumed = theirs.document;
      }
      throw new Error('no end of conflicts');
    }
    /** RxDB leaves a document alone that has changes of its own. */
    pull(hub: { state: HubState }): void {
      if (JSON.stringify(this.fork) !== JSON.stringify(this.assumed)) return;
      this.fork = hub.state.document;
      this.assumed = hub.state.document;
    }
  }

  it('end equal and lose nothing that an owner wrote, in every interleaving', () => {
    const step = fc.record({
      who: fc.constantFrom('harbour', 'market', 'hub'),
      what: fc.constantFrom('write', 'push', 'pull'),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const hub = { state: state(transfer) };
        const replicas = { harbour: new Replica('harbour'), market: new Replica('market') };
        const last: Record<string, unknown> = {};
        steps.forEach(({ who, what }, n) => {
          const at = new Date(n).toISOString();
          const done = { qty: n, by: who, at };
          if (who === 'hub') {
            last['hub'] = { expired: { at } };
            const mine = { ...hub.state.document, hub: last['hub'] };
            hub.state = {
              ...hub.state,
              document: mergeByOwner('transfers', hub.state.document, mine, { side: 'hub' }),
            };
            return;
          }
          const replica = replicas[who];
          if (what === 'push') replica.push(hub);
          else if (what === 'pull') replica.pull(hub);
          else {
            const part = who === 'harbour' ? 'donor' : 'receiver';
            last[part] = part === 'donor' ? { shipped: done } : { received: done };
            replica.fork = { ...replica.fork, [part]: last[part] };
          }
        });
        for (const replica of Object.values(replicas)) replica.push(hub);
        for (const replica of Object.values(replicas)) replica.pull(hub);
        expect(hub.state.document).toEqual({ ...transfer, ...last });
        for (const replica of Object.values(replicas)) expect(replica.fork).toEqual(hub.state.document);
      }),
    );
  });
});

describe('the form on the wire', () => {
  it('comes back as it was', () => {
    for (const deleted of [true, false])
      expect(readWire(toWire(state(exception, deleted)))).toEqual(state(exception, deleted));
  });
});
