import type { RxAttachmentData, RxAttachmentWriteData } from 'rxdb';

/** What the storage itself looks at in a document. */
export interface StoredDocument {
  readonly _rev: string;
  readonly _meta: { readonly lwt: number };
}

export function idOf(document: object, primaryPath: string): string {
  return String((document as Readonly<Record<string, unknown>>)[primaryPath]);
}

export function revisionOf({ _rev: revision }: StoredDocument): string {
  return revision;
}

/** How many writes the document has seen: revisions are `<height>-<writer>`. */
export function revisionHeight(document: StoredDocument): number {
  return Number.parseInt(revisionOf(document), 10);
}

/** RxDB's last write time, in ms with two decimals. */
export function writeTimeOf({ _meta: meta }: StoredDocument): number {
  return meta.lwt;
}

export function isDeleted({ _deleted: deleted }: { readonly _deleted: boolean }): boolean {
  return deleted;
}

export function attachmentsOf({
  _attachments: attachments,
}: {
  readonly _attachments: Readonly<Record<string, RxAttachmentData | RxAttachmentWriteData>>;
}): readonly (RxAttachmentData | RxAttachmentWriteData)[] {
  return Object.values(attachments);
}
