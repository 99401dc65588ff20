/** The hub's side of one collection, as pulls and pushes of any size. */
import {
  type Checkpoint,
  type CollectionName,
  collections,
  MAX_BATCH,
  MAX_DOCUMENT_BYTES,
  MAX_MESSAGE_BYTES,
  parserFor,
  type PushRow,
  type WireDocument,
} from '@truecount/protocol';
import { splitBySize } from '@truecount/protocol/wire';
import { HubRefusedError } from './errors.ts';
import type { Requests } from './requests.ts';

interface Pulled {
  readonly documents: readonly WireDocument[];
  readonly checkpoint: Checkpoint | null;
}

interface Pushed {
  /** The hub's state of documents that were not taken as they are. */
  readonly conflicts: readonly WireDocument[];
  readonly quarantined: readonly Quarantined[];
}

export interface Quarantined {
  readonly id: string;
  readonly reason: string;
  /** Put aside here already: the hub never saw it. */
  readonly isLocal: boolean;
}

export interface Remote {
  pull(checkpoint: Checkpoint | null, limit: number): Promise<Pulled>;
  push(rows: readonly PushRow[]): Promise<Pushed>;
}

/** Room for the envelope around the rows. */
const MAX_ROWS_BYTES = MAX_MESSAGE_BYTES - 2048;

export interface RemoteOptions {
  readonly requests: Requests;
  readonly collection: CollectionName;
  /** How many documents of this device wait in the hub's quarantine. */
  readonly onQuarantine: (total: number) => void;
  readonly onWarning: (text: string) => void;
}

export function remoteOf(options: RemoteOptions): Remote {
  const { collection } = options;
  const { priority } = collections[collection];
  const parse = parserFor(collections[collection].schema);

  const isReadable = (document: WireDocument): boolean => {
    const parsed = parse(document);
    if (!parsed.ok)
      options.onWarning(`${collection} ${document.id} from the hub is left out: ${parsed.problem}`);
    return parsed.ok;
  };

  return {
    pull: async (checkpoint, limit) => {
      const documents: WireDocument[] = [];
      let place = checkpoint;
      // A message may hold less than the limit, and RxDB takes a short page for the last one.
      while (documents.length < limit) {
        const body = {
          checkpoint: place,
          limit: Math.min(MAX_BATCH, limit - documents.length),
          ...(place === null ? { fill: true } : {}),
        };
        const page = await options.requests.ask('pull', collection, body, priority);
        documents.push(...page.documents.filter(isReadable));
        const wasLoading = place === null || Boolean(place.load);
        place = page.checkpoint;
        // The empty page that ends a load is not the end: RxDB would forget where it led to, and stand still there.
        const endsLoad = wasLoading && !place?.load;
        if (page.complete || (page.documents.length === 0 && !endsLoad)) break;
      }
      return { documents, checkpoint: place };
    },
    push: async (rows) => {
      const fitting = rows.filter((row) => bytesOf(row.next) <= MAX_DOCUMENT_BYTES);
      const outcome = await pushAll(options, fitting);
      const sent = new Set(fitting);
      const oversized = rows.filter((row) => !sent.has(row));
      const reason = `is larger than the ${MAX_DOCUMENT_BYTES} bytes that the hub takes`;
      return {
        ...outcome,
        quarantined: [
          ...outcome.quarantined,
          ...oversized.map(({ next }) => ({ id: next.id, reason, isLocal: true })),
        ],
      };
    },
  };
}

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

async function pushAll(options: RemoteOptions, rows: readonly PushRow[]): Promise<Pushed> {
  const conflicts: WireDocument[] = [];
  const quarantined: Quarantined[] = [];
  for (const run of splitBySize(rows, MAX_ROWS_BYTES)) {
    const pushed = await pushRun(options, run.slice(0, MAX_BATCH));
    conflicts.push(...pushed.conflicts);
    quarantined.push(...pushed.quarantined);
    const rest = run.slice(MAX_BATCH);
    if (rest.length > 0) {
      const more = await pushAll(options, rest);
      conflicts.push(...more.conflicts);
      quarantined.push(...more.quarantined);
    }
  }
  return { conflicts, quarantined };
}

async function pushRun(options: RemoteOptions, rows: readonly PushRow[]): Promise<Pushed> {
  const { requests, collection } = options;
  try {
    const result = await requests.ask(
      'push',
      collection,
      { rows: [...rows] },
      collections[collection].priority,
    );
    options.onQuarantine(result.quarantinedTotal);
    return {
      conflicts: result.conflicts,
      quarantined: result.quarantined.map((document) => ({ ...document, isLocal: false })),
    };
  } catch (error) {
    const isTooLarge = error instanceof HubRefusedError && error.problem.code === 'too-large';
    if (!isTooLarge || rows.length < 2) throw error;
    // The hub took the rows, only its answer did not fit; taken twice they change nothing.
    const half = Math.ceil(rows.length / 2);
    const first = await pushRun(options, rows.slice(0, half));
    const second = await pushRun(options, rows.slice(half));
    return {
      conflicts: [...first.conflicts, ...second.conflicts],
      quarantined: [...first.quarantined, ...second.quarantined],
    };
  }
}
