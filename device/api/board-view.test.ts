import { type Exception, instant, type Task } from '@truecount/protocol';
import { describe, expect, test } from 'vitest';
import { boardOf } from './board-view.ts';

const HOUR_MS = 3_600_000;
/** Half past midnight in Berlin, where it is still yesterday by UTC. */
const NOW_MS = Date.parse('2026-07-01T22:30:00.000Z');
const ago = (hours: number): string => instant(NOW_MS - hours * HOUR_MS);
const eur = (minor: number) => ({ minor, currency: 'EUR' });

const exception = (part: Partial<Exception>): Exception =>
  ({ kind: 'phantom-stock', state: 'open', detectedAt: ago(0.1), exposure: eur(100), ...part }) as Exception;
const task = (part: Partial<Task>): Task => ({ value: eur(250), minutes: 2, ...part }) as Task;
const board = (exceptions: readonly Exception[], tasks: readonly Task[] = []) =>
  boardOf({ exceptions, tasks, currency: 'EUR', timeZone: 'Europe/Berlin', nowMs: NOW_MS });

describe('the board', () => {
  test('groups what is open by kind and age, most money first', () => {
    const { kinds } = board([
      exception({}),
      exception({ detectedAt: ago(30), exposure: eur(50) }),
      exception({ detectedAt: ago(24 * 9) }),
      exception({ kind: 'shelf-gap', exposure: eur(900) }),
      exception({ kind: 'shelf-gap', state: 'closed', closedAt: ago(1) }),
    ]);
    expect(kinds).toEqual([
      {
        kind: 'shelf-gap',
        open: { today: 1, week: 0, older: 0 },
        oldest: ago(0.1),
        exposure: eur(900),
      },
      {
        kind: 'phantom-stock',
        open: { today: 1, week: 1, older: 1 },
        oldest: ago(24 * 9),
        exposure: eur(250),
      },
    ]);
  });

  test('counts the day from midnight at the store, not by UTC', () => {
    const { today } = board(
      [
        exception({ state: 'closed', detectedAt: ago(1), closedAt: ago(0.2) }),
        exception({ state: 'closed', detectedAt: ago(1), closedAt: ago(0.7) }),
      ],
      [
        task({ done: { at: ago(0.3), by: 'kiosk' } }),
        task({ done: { at: ago(0.8), by: 'kiosk' } }),
        task({ dismissed: { at: ago(0.4), by: 'kiosk', reason: 'seen' } }),
      ],
    );
    expect(today).toEqual({ found: 0, settled: 1, done: 1, worth: eur(250), minutes: 2, dismissed: 1 });
  });

  test('of a store where all is well is empty', () => {
    expect(board([])).toEqual({
      kinds: [],
      today: { found: 0, settled: 0, done: 0, worth: eur(0), minutes: 0, dismissed: 0 },
    });
  });
});
