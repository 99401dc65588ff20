/** Intake's door: the hub's document table and the other end of every device's replication. */
export { type DocumentsChanged, listenForDocuments } from './document-changes.ts';
export { ALL_STORES } from './document-scope.ts';
export {
  DocumentRefusedError,
  getDocument,
  getDocuments,
  listDocuments,
  type ListOptions,
  putDocument,
  updateDocument,
} from './document-table.ts';
export type { StoredDocument } from './stored-document.ts';
export { documentMigrations } from './tables.ts';
