import type { RxDocumentData } from 'rxdb';
import { quoted } from './collection-layout.ts';
import { highestSeq, type CollectionTable } from './collection-table.ts';
import type { Connection, Row } from './connection.ts';
import { idOf, writeTimeOf, type StoredDocument } from './document-fields.ts';
import { orderedKey } from './key-order.ts';
import { TimeSlice } from './time-slice.ts';

/**
 * A place in the order of changes.
 *
 * Storages usually order changes by the time of the write, which is taken before the write lock and can step back with
 * the clock; a write that commits late then hides behind a checkpoint already taken. Here `seq` counts commits. `id`
 * and `lwt` keep the usual shape: a checkpoint that another storage or another file made (`source` differs) is followed
 * by write time until the end is reached, and by `seq` from there on.
 */
export interface ChangeCheckpoint {
  readonly id: string;
  readonly lwt: number;
  readonly seq: number;
  /** The file whose `seq` this is; empty while following by write time. */
  readonly source: string;
}

export interface Changes<RxDocType> {
  readonly documents: RxDocumentData<RxDocType>[];
  readonly checkpoint: ChangeCheckpoint;
}

export async function changesSince<RxDocType>(
  reader: Connection,
  from: { readonly table: CollectionTable; readonly fileId: string },
  request: { readonly limit: number; readonly checkpoint: Partial<ChangeCheckpoint> | undefined },
): Promise<Changes<RxDocType>> {
  // One snapshot for the documents and for the end they reach.
  reader.run('BEGIN');
  try {
    const { checkpoint } = request;
    return !checkpoint || checkpoint.source === from.fileId
      ? await changesBySeq(reader, from, { ...request, checkpoint })
      : await changesByWriteTime(reader, from, { ...request, checkpoint });
  } finally {
    reader.run('COMMIT');
  }
}

async function changesBySeq<RxDocType>(
  reader: Connection,
  { table, fileId }: { readonly table: CollectionTable; readonly fileId: string },
  {
    limit,
    checkpoint,
  }: { readonly limit: number; readonly checkpoint: Partial<ChangeCheckpoint> | undefined },
): Promise<Changes<RxDocType>> {
  const rows = reader.iterate(
    `SELECT data, seq FROM ${quoted(table.name)} WHERE seq > ? ORDER BY seq LIMIT ?`,
    [checkpoint?.seq ?? 0, limit],
  );
  const { documents, lastSeq } = await parsed<RxDocType>(rows);
  const last = documents.at(-1);
  if (!last) {
    const start = { id: '', lwt: 0, seq: 0, source: fileId };
    return { documents, checkpoint: checkpoint ? (checkpoint as ChangeCheckpoint) : start };
  }
  return { documents, checkpoint: { ...placeOf(last, table), seq: lastSeq, source: fileId } };
}

async function changesByWriteTime<RxDocType>(
  reader: Connection,
  { table, fileId }: { readonly table: CollectionTable; readonly fileId: string },
  { limit, checkpoint }: { readonly limit: number; readonly checkpoint: Partial<ChangeCheckpoint> },
): Promise<Changes<RxDocType>> {
  const rows = reader.iterate(
    `SELECT data, seq FROM ${quoted(table.name)} WHERE ("f._meta.lwt", id) > (?, ?) ORDER BY "f._meta.lwt", id LIMIT ?`,
    [checkpoint.lwt ?? 0, orderedKey(checkpoint.id ?? ''), limit],
  );
  const { documents } = await parsed<RxDocType>(rows);
  const last = documents.at(-1);
  if (!last) return { documents, checkpoint: checkpoint as ChangeCheckpoint };
  const isAtEnd = documents.length < limit;
  return {
    documents,
    checkpoint: {
      ...placeOf(last, table),
      // Written out even when unused: RxDB stacks checkpoints over another, and old values must not shine through.
      seq: isAtEnd ? highestSeq(reader, table) : 0,
      source: isAtEnd ? fileId : '',
    },
  };
}

function placeOf(document: StoredDocument, table: CollectionTable): Pick<ChangeCheckpoint, 'id' | 'lwt'> {
  return { id: idOf(document, table.layout.primaryPath), lwt: writeTimeOf(document) };
}

async function parsed<RxDocType>(
  rows: Iterable<Row>,
): Promise<{ readonly documents: RxDocumentData<RxDocType>[]; readonly lastSeq: number }> {
  const documents: RxDocumentData<RxDocType>[] = [];
  const slice = new TimeSlice();
  let lastSeq = 0;
  for (const [data, seq] of rows) {
    documents.push(JSON.parse(String(data)) as RxDocumentData<RxDocType>);
    lastSeq = Number(seq);
    if (slice.isSpent) await slice.pause();
  }
  return { documents, lastSeq };
}
