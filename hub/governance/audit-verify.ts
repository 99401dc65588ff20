/** Walks the whole audit chain and says the first thing that does not hold, the loss of its tail included. */
import type { AuditVerdict } from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import type { AnchorReading } from './audit-anchor.ts';
import { type AuditEntry, type AuditHead, entryFault, GENESIS, headFault } from './audit-entry.ts';
import type { HubKey } from './hub-key.ts';

const PAGE = 1000;

export interface AuditProofs {
  readonly key: HubKey;
  /** What the file beside the database remembers. */
  readonly anchor: AnchorReading;
}

export async function verifyAudit(database: Queryable, proofs: AuditProofs): Promise<AuditVerdict> {
  const { key, anchor } = proofs;
  let last = { seq: 0, hash: GENESIS };
  let atAnchor: string | undefined;
  const broken = (problem: string, brokenAt = last.seq + 1): AuditVerdict => ({
    ok: false,
    entries: last.seq,
    brokenAt,
    problem,
  });
  for (;;) {
    const page = await database.query<AuditEntry>(
      `SELECT seq, at, actor, action, subject, text, detail, previous, hash, key_id, signature
       FROM audit_entries WHERE seq > $1 ORDER BY seq LIMIT ${PAGE}`,
      [last.seq],
    );
    for (const entry of page) {
      const fault = entryFault(entry, last, key);
      if (fault) return broken(fault);
      if (anchor.state === 'read' && entry.seq === anchor.head.seq) atAnchor = entry.hash;
      last = { seq: entry.seq, hash: entry.hash };
    }
    if (page.length < PAGE) break;
  }
  // The anchor was read before the walk and the head is read after it: entries appended meanwhile lie between.
  const [stray] = await database.query<{ n: number }>(
    'SELECT count(*) AS n FROM audit_entries WHERE seq < 1',
  );
  if ((stray?.n ?? 0) > 0) return broken('there are entries numbered below 1', 0);
  const problem = (await tableHeadFault(database, last, key)) ?? anchorFault(anchor, { last, atAnchor, key });
  return problem === undefined ? { ok: true, entries: last.seq, head: last.hash } : broken(problem);
}

type Last = { readonly seq: number; readonly hash: string };

async function tableHeadFault(database: Queryable, last: Last, key: HubKey): Promise<string | undefined> {
  const heads = await database.query<AuditHead>('SELECT seq, hash, at, key_id, signature FROM audit_head');
  const [head] = heads;
  if (!head) return last.seq === 0 ? undefined : 'the head row is missing';
  const fault = headFault(head, key);
  if (fault) return fault;
  if (head.seq < last.seq) return `the head row ends at entry ${head.seq}, the entries at ${last.seq}`;
  if (head.seq === last.seq)
    return head.hash === last.hash ? undefined : `the head row does not match entry ${head.seq}`;
  // A running hub may have appended since the walk ended; what is truly missing is missing on a second look too.
  const [entry] = await database.query<{ hash: string }>('SELECT hash FROM audit_entries WHERE seq = $1', [
    head.seq,
  ]);
  return entry?.hash === head.hash ? undefined : `entries ${last.seq + 1} to ${head.seq} are missing`;
}

function anchorFault(
  anchor: AnchorReading,
  seen: { readonly last: Last; readonly atAnchor: string | undefined; readonly key: HubKey },
): string | undefined {
  switch (anchor.state) {
    case 'absent':
      return seen.last.seq === 0 ? undefined : 'the anchor file beside the database is missing';
    case 'unreadable':
      return `the anchor file cannot be read: ${anchor.problem}`;
    case 'read': {
      const fault = headFault(anchor.head, seen.key);
      if (fault) return `anchor file: ${fault}`;
      if (seen.atAnchor === anchor.head.hash) return undefined;
      return seen.atAnchor === undefined
        ? `entries ${seen.last.seq + 1} to ${anchor.head.seq} are missing: the anchor file has seen them`
        : `entry ${anchor.head.seq} is not the one the anchor file has seen`;
    }
  }
  return anchor satisfies never;
}
