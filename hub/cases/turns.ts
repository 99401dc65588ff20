/**
 * Work that one hub process should do at a time. Two that do it at once do no harm, only double work, so a turn is a
 * promise with an end and no lock: a process that was killed or stands still loses it within TURN_SECONDS.
 */
import type { Queryable } from '../database/index.ts';

const TURN_SECONDS = 6;
const PROLONG_EVERY_MS = 2000;

export interface Turn {
  readonly name: string;
  readonly owner: string;
}

/** Does `work` when no other process has the turn. @returns undefined when another one has it */
export async function inTurn<T>(
  database: Queryable,
  turn: Turn,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (!(await takeTurn(database, turn))) return undefined;
  let prolonging: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    // A turn that could not be prolonged ends early, which is no harm; what is wrong with the database, `work` finds too.
    prolonging = takeTurn(database, turn).catch(() => false);
  }, PROLONG_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await prolonging;
    await database.query('DELETE FROM hub_turns WHERE name = $1 AND owner = $2', [turn.name, turn.owner]);
  }
}

/** @returns true when `owner` has the turn now, taken or prolonged */
async function takeTurn(database: Queryable, { name, owner }: Turn): Promise<boolean> {
  const rows = await database.query(
    `INSERT INTO hub_turns (name, owner, until) VALUES ($1, $2, now() + $3 * interval '1 second')
     ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
       WHERE hub_turns.owner = EXCLUDED.owner OR hub_turns.until < now()
     RETURNING name`,
    [name, owner, TURN_SECONDS],
  );
  return rows.length > 0;
}
