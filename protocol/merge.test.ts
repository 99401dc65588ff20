import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectionNames } from './documents.ts';
import { type MergeDocument, mergeByOwner, type Writer } from './merge.ts';

const hub: Writer = { side: 'hub' };
const donor: Writer = { side: 'store', store: 'harbour' };
const receiver: Writer = { side: 'store', store: 'market' };

describe('merge by owner', () => {
  const transfer: MergeDocument = { id: 't1', from: 'harbour', to: 'market', qty: 2 };

  it('keeps the part of each of three writers, whatever the order in which their changes meet', () => {
    const edits: readonly (readonly [Writer, MergeDocument])[] = [
      [donor, { donor: { shipped: 2 } }],
      [receiver, { receiver: { received: 2 } }],
      [hub, { hub: { closed: true }, because: 'late' }],
    ];
    const order = fc.shuffledSubarray([...edits], { minLength: edits.length });
    fc.assert(
      fc.property(order, (shuffled) => {
        let master = transfer;
        for (const [writer, edit] of shuffled)
          master = mergeByOwner('transfers', master, { ...transfer, ...edit }, writer);
        expect(master).toEqual({ ...transfer, ...edits[0]?.[1], ...edits[1]?.[1], ...edits[2]?.[1] });
      }),
    );
  });

  it("never lets a writer change another's field", () => {
    const forged = { ...transfer, qty: 99, hub: { closed: true }, receiver: { received: 99 } };
    expect(mergeByOwner('transfers', transfer, forged, donor)).toEqual(transfer);
    const stranger: Writer = { side: 'store', store: 'elsewhere' };
    expect(mergeByOwner('transfers', transfer, { ...transfer, donor: {} }, stranger)).toEqual(transfer);
  });

  it('gives a task to its creator and its completion to the store', () => {
    const task = { id: 'k', createdBy: 'hub', because: 'x', qty: 1 };
    const done = { ...task, because: 'changed', done: { at: 'now' } };
    expect(mergeByOwner('tasks', task, done, donor)).toEqual({ ...task, done: { at: 'now' } });
  });

  it('passes fields of newer versions on', () => {
    const exception: MergeDocument = { id: 'e', state: 'open', newer: 1 };
    expect(mergeByOwner('exceptions', exception, { id: 'e', state: 'closed', mine: 2 }, donor)).toEqual({
      id: 'e',
      state: 'closed',
      newer: 1,
      mine: 2,
    });
  });

  it('is idempotent and leaves equal states alone, for any document of any collection', () => {
    const document = fc.dictionary(
      fc.constantFrom(
        'id',
        'state',
        'caseId',
        'donor',
        'receiver',
        'hub',
        'done',
        'createdBy',
        'from',
        'to',
        'z',
      ),
      fc.constantFrom('harbour', 'market', 'hub', 'store', 1),
    );
    const writer = fc.constantFrom(hub, donor, receiver);
    fc.assert(
      fc.property(
        fc.constantFrom(...collectionNames),
        document,
        document,
        writer,
        (name, theirs, mine, who) => {
          expect(mergeByOwner(name, theirs, theirs, who)).toEqual(theirs);
          const fixed = { createdBy: theirs['createdBy'], from: theirs['from'], to: theirs['to'] };
          const same = Object.fromEntries(
            Object.entries({ ...mine, ...fixed }).filter(([, v]) => v !== undefined),
          );
          const once = mergeByOwner<MergeDocument>(name, theirs, same, who);
          fc.pre((['createdBy', 'from', 'to'] as const).every((field) => once[field] === theirs[field]));
          expect(mergeByOwner<MergeDocument>(name, once, same, who)).toEqual(once);
        },
      ),
    );
  });
});
