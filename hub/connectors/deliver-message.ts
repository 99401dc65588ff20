/** Hands one outbound message over and notes it, in the transaction of its work item: tried again until it is noted. */
import { instant } from '@truecount/protocol';
import type { Transaction } from '../database/index.ts';
import type { MessageSink, OutboundMessage } from './ports.ts';

interface MessageRow {
  readonly id: string;
  readonly port: string;
  readonly what: string;
  readonly case_id: string;
  readonly body: OutboundMessage['body'];
  readonly made_at: string;
}

export async function deliverMessage(
  tx: Transaction,
  id: string,
  parts: { readonly sink: MessageSink; readonly nowMs: number },
): Promise<void> {
  const [row] = await tx.query<MessageRow>(
    'SELECT * FROM outbound_messages WHERE id = $1 AND delivered_at IS NULL FOR UPDATE',
    [id],
  );
  if (!row) return;
  await parts.sink.deliver({
    id: row.id,
    port: row.port,
    what: row.what,
    caseId: row.case_id,
    madeAt: row.made_at,
    body: row.body,
  });
  await tx.query('UPDATE outbound_messages SET delivered_at = $2 WHERE id = $1', [id, instant(parts.nowMs)]);
}
