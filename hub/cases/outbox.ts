/** Documents for the retailer's other systems, written with the decision and delivered by a connector afterwards. */
import { instant, newId } from '@truecount/protocol';
import type { Migration } from '../database/index.ts';
import type { CaseWork } from './case-work.ts';

export type MessagePort = 'erp' | 'commerce' | 'service' | 'supply' | 'models';

export interface OutboundMessage {
  readonly port: MessagePort;
  readonly what: string;
  readonly caseId: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export const outboxMigrations: readonly Migration[] = [
  {
    id: 'cases/002-outbox',
    sql: `
      CREATE TABLE outbound_messages (
        id text PRIMARY KEY,
        port text NOT NULL,
        what text NOT NULL,
        case_id text NOT NULL,
        body jsonb NOT NULL,
        made_at text NOT NULL,
        delivered_at text
      );
      CREATE INDEX outbound_messages_waiting ON outbound_messages (id) WHERE delivered_at IS NULL;`,
  },
];

export async function sendMessage(work: CaseWork, message: OutboundMessage): Promise<string> {
  const id = newId(work.nowMs);
  await work.tx.query(
    `INSERT INTO outbound_messages (id, port, what, case_id, body, made_at) VALUES ($1, $2, $3, $4, $5::text::jsonb, $6)`,
    [id, message.port, message.what, message.caseId, JSON.stringify(message.body), instant(work.nowMs)],
  );
  work.followUp({ topic: 'deliver', subject: id });
  return id;
}
