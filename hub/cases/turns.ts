/** Who may do a piece of work that only one hub process should do at a time. A turn ends by itself. */
import type { Queryable } from '../database/index.ts';

/** @returns true when `owner` has the turn now, for that many seconds, taken or prolonged */
export async function takeTurn(
  database: Queryable,
  name: string,
  turn: { readonly owner: string; readonly seconds: number },
): Promise<boolean> {
  const rows = await database.query(
    `INSERT INTO hub_turns (name, owner, until) VALUES ($1, $2, now() + $3 * interval '1 second')
     ON CONFLICT (name) DO UPDATE SET owner = EXCLUDED.owner, until = EXCLUDED.until
       WHERE hub_turns.owner = EXCLUDED.owner OR hub_turns.until < now()
     RETURNING name`,
    [name, turn.owner, turn.seconds],
  );
  return rows.length > 0;
}
