/** What happens in the agent, told to whoever watches: one JSON line per event with a sentence in English. */
import type { Exception, SyncView, Transfer, TransferStage } from '@truecount/protocol';

export type AgentEvent =
  /** Screens are answered; without a `store` those of the set-up. */
  | { readonly event: 'ready'; readonly url: string; readonly store?: string; readonly text: string }
  | {
      readonly event: 'ticket';
      readonly feed: string;
      readonly ticket: string;
      readonly lines: number;
      readonly text: string;
    }
  | {
      readonly event: 'exception-opened' | 'exception-closed';
      readonly id: string;
      readonly kind: Exception['kind'];
      readonly text: string;
    }
  | {
      readonly event: 'transfer-stage';
      readonly id: string;
      readonly stage: TransferStage;
      readonly text: string;
    }
  | { readonly event: 'outage' | 'online'; readonly since: string; readonly text: string }
  | { readonly event: 'fenced' | 'warning'; readonly text: string };

export type SayEvent = (event: AgentEvent) => void;

const KIND_WORDS: Partial<Readonly<Record<Exception['kind'], string>>> = {
  'phantom-stock': 'phantom stock',
  'hidden-stock': 'hidden stock',
  'negative-record': 'negative record',
  'stockout-ahead': 'stock-out ahead',
  'pick-failed': 'failed pick',
  'feed-silent': 'silent feed',
};

const kindWords = (kind: Exception['kind']): string => KIND_WORDS[kind] ?? kind.replaceAll('-', ' ');

export function exceptionEvent(exception: Exception, isOpened: boolean): AgentEvent {
  const { id, kind } = exception;
  const about =
    exception.name ?? exception.sku ?? exception.feed ?? exception.order ?? exception.transfer ?? '';
  const what = `${kindWords(kind)}, ${about}`;
  const percent = Math.round(exception.confidence * 100);
  return isOpened
    ? { event: 'exception-opened', id, kind, text: `exception: ${what}, ${percent} % sure` }
    : { event: 'exception-closed', id, kind, text: `settled: ${what}: ${exception.outcome?.text ?? 'over'}` };
}

export function transferEvent(transfer: Transfer, stage: TransferStage): AgentEvent {
  const text = `transfer ${stage}: ${transfer.qty} x ${transfer.name}, ${transfer.fromName} to ${transfer.toName}`;
  return { event: 'transfer-stage', id: transfer.id, stage, text };
}

export function syncEvent(view: SyncView): AgentEvent {
  const { since, waiting } = view;
  if (view.fenced !== undefined) return { event: 'fenced', text: view.fenced };
  return view.online
    ? { event: 'online', since, text: 'the hub is reached' }
    : { event: 'outage', since, text: `no route to the hub; the store goes on, ${waiting} to send` };
}
