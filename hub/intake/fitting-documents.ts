/** As many documents as fit into one message, from the first one on. */
import { MAX_MESSAGE_BYTES, type WireDocument } from '@truecount/protocol';
import { splitBySize } from '@truecount/protocol/wire';
import { toWire } from './judge-push.ts';
import type { StoredDocument } from './stored-document.ts';

/** Room for the envelope around the documents. */
const MAX_DOCUMENTS_BYTES = MAX_MESSAGE_BYTES - 2048;

export function fittingDocuments(stored: readonly StoredDocument[]): WireDocument[] {
  const documents = stored.map(({ document, deleted }) => toWire({ document, deleted }));
  const [fitting = []] = splitBySize(documents, MAX_DOCUMENTS_BYTES);
  return [...fitting];
}
