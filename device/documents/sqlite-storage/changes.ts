import type { RxDocumentData } from 'rxdb';
import { quoted } from './collection-layout.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { idOf, writeTimeOf } from './document-fields.ts';
import { loadDocuments, type DocumentSource } from './documents.ts';
import type { Steps } from './steps.ts';

/**
 * A place in the order of changes.
 *
 * Storages usually order changes by the time of the write, which is taken before the write lock and can step back with
 * the clock; a write that commits late then hides behind a checkpoint already taken. Here `seq` counts commits.
 *
 * `id` and `lwt` keep the usual shape. A checkpoint that another storage or another file made (`source` differs) is
 * translated: all changes from the first on, without those written before `floor`, the checkpoint's time, until the end
 * is reached. All fields are always present, because RxDB stacks checkpoints and old values must not shine through.
 */
export interface ChangeCheckpoint {
  readonly id: string;
  /** Write time in ms. */
  readonly lwt: number;
  readonly seq: number;
  /** The file whose `seq` this is. */
  readonly source: string;
  /** Write time in ms while catching up from a foreign checkpoint, otherwise 0. */
  readonly floor: number;
}

export interface Changes<RxDocType> {
  readonly documents: RxDocumentData<RxDocType>[];
  readonly checkpoint: ChangeCheckpoint;
}

interface ChangeRequest {
  readonly fileId: string;
  readonly limit: number;
  readonly checkpoint: Partial<ChangeCheckpoint> | undefined;
}

export function* changesSince<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { fileId, limit, checkpoint }: ChangeRequest,
): Steps<Changes<RxDocType>> {
  const { seq, floor } = placeIn(fileId, checkpoint);
  const seqs = reader.numbers(
    `SELECT seq FROM ${quoted(source.table.name)} WHERE seq > ?${floor > 0 ? ' AND "f._meta.lwt" >= ?' : ''} ORDER BY seq LIMIT ?`,
    floor > 0 ? [seq, floor, limit] : [seq, limit],
  );
  const documents = yield* loadDocuments(reader, source, seqs);
  const last = documents.at(-1);
  const lastSeq = seqs.at(-1);
  if (!last || lastSeq === undefined) {
    // RxDB expects the very checkpoint back when there is nothing new.
    return { documents, checkpoint: (checkpoint as ChangeCheckpoint | undefined) ?? startOf(fileId) };
  }
  const isAtEnd = seqs.length < limit;
  return {
    documents,
    checkpoint: {
      ...placeOf(last, source.table),
      seq: lastSeq,
      source: fileId,
      floor: isAtEnd ? 0 : floor,
    },
  };
}

/** The checkpoint just after a write. */
export function checkpointAt(
  document: object & Parameters<typeof writeTimeOf>[0],
  table: CollectionTable,
  at: { readonly fileId: string; readonly seq: number },
): ChangeCheckpoint {
  return { ...placeOf(document, table), seq: at.seq, source: at.fileId, floor: 0 };
}

function placeIn(
  fileId: string,
  checkpoint: Partial<ChangeCheckpoint> | undefined,
): { seq: number; floor: number } {
  if (!checkpoint) return { seq: 0, floor: 0 };
  if (checkpoint.source === fileId) return { seq: checkpoint.seq ?? 0, floor: checkpoint.floor ?? 0 };
  return { seq: 0, floor: checkpoint.lwt ?? 0 };
}

function startOf(fileId: string): ChangeCheckpoint {
  return { id: '', lwt: 0, seq: 0, source: fileId, floor: 0 };
}

function placeOf(
  document: Parameters<typeof writeTimeOf>[0],
  table: CollectionTable,
): Pick<ChangeCheckpoint, 'id' | 'lwt'> {
  return { id: idOf(document, table.layout.primaryPath), lwt: writeTimeOf(document) };
}
