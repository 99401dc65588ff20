import type { BulkWriteRow, RxAttachmentWriteData } from 'rxdb';
import { quoted } from './collection-layout.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { attachmentsOf } from './document-fields.ts';
import { storageError } from './errors.ts';
import { orderedKey } from './key-order.ts';
import type { Steps } from './steps.ts';

/** Attachments lie in parts, so that no single statement moves more than this much. */
const partBytes = 512 * 1024;

/** The bytes of the attachments in a bulk; read before its transaction starts, because reading a Blob is asynchronous. */
export type AttachmentBytes = ReadonlyMap<Blob, Uint8Array>;

export interface AttachmentName {
  readonly documentId: string;
  readonly attachmentId: string;
}

export async function readAttachmentBytes<RxDocType>(
  rows: readonly BulkWriteRow<RxDocType>[],
): Promise<AttachmentBytes> {
  const bytes = new Map<Blob, Uint8Array>();
  for (const { document } of rows) {
    for (const attachment of attachmentsOf(document)) {
      if ('data' in attachment)
        bytes.set(attachment.data, new Uint8Array(await attachment.data.arrayBuffer()));
    }
  }
  return bytes;
}

export function* storeAttachment(
  writer: Connection,
  table: CollectionTable,
  attachment: AttachmentName & { readonly attachmentData: RxAttachmentWriteData; readonly digest: string },
  bytesOf: AttachmentBytes,
): Steps<void> {
  deleteAttachment(writer, table, attachment);
  const bytes = bytesOf.get(attachment.attachmentData.data) ?? new Uint8Array();
  const insert = `INSERT INTO ${quoted(table.attachments)} (id, attachment, part, digest, bytes) VALUES (?, ?, ?, ?, ?)`;
  // An empty attachment still has one, empty, part.
  for (let part = 0; part === 0 || part * partBytes < bytes.length; part += 1) {
    writer.run(insert, [
      orderedKey(attachment.documentId),
      attachment.attachmentId,
      part,
      attachment.digest,
      bytes.subarray(part * partBytes, (part + 1) * partBytes),
    ]);
    yield;
  }
}

export function deleteAttachment(writer: Connection, table: CollectionTable, name: AttachmentName): void {
  writer.run(`DELETE FROM ${quoted(table.attachments)} WHERE id = ? AND attachment = ?`, [
    orderedKey(name.documentId),
    name.attachmentId,
  ]);
}

export function* loadAttachment(
  reader: Connection,
  table: CollectionTable,
  name: AttachmentName & { readonly digest: string },
): Steps<Blob> {
  const parts: BlobPart[] = [];
  const select = `SELECT bytes FROM ${quoted(table.attachments)} WHERE id = ? AND attachment = ? AND digest = ? AND part = ?`;
  for (let part = 0; ; part += 1) {
    const params = [orderedKey(name.documentId), name.attachmentId, name.digest, part];
    const bytes = reader.get(select, params)?.[0];
    if (!(bytes instanceof Uint8Array)) break;
    parts.push(bytes as Uint8Array<ArrayBuffer>);
    yield;
  }
  if (parts.length > 0) return new Blob(parts);
  throw storageError(
    'STORAGE_ATTACHMENT_MISSING',
    `attachment ${name.attachmentId} of document ${name.documentId} with digest ${name.digest} is not stored. Read the document again: it may have changed.`,
  );
}
