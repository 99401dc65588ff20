import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import type { BulkWriteRow } from 'rxdb';
import {
  item,
  itemSchemaWith,
  openItems,
  temporaryFolder,
  type Item,
  type ItemInstance,
} from './storage.fixture.ts';

function withAttachment(id: string, bytes: Uint8Array<ArrayBuffer>, digest: string): BulkWriteRow<Item> {
  const attachment = { data: new Blob([bytes]), length: bytes.length, type: 'image/jpeg', digest };
  return { document: { ...item(id), _attachments: { photo: attachment } } };
}

function openWithAttachments(folder: string): Promise<ItemInstance> {
  return openItems({ folder }, { schema: itemSchemaWith({ attachments: {} }) });
}

async function bytesOf(instance: ItemInstance, id: string, digest: string): Promise<Buffer> {
  const blob = await instance.getAttachmentData(id, 'photo', digest);
  return Buffer.from(await blob.arrayBuffer());
}

test('attachments of any size come back byte for byte, and documents name them without their data', async () => {
  const folder = temporaryFolder();
  const instance = await openWithAttachments(folder);
  const sizes = [0, 1, 512 * 1024, 512 * 1024 + 1, 3_000_000];
  const contents = new Map(sizes.map((size) => [`size-${size}`, new Uint8Array(randomBytes(size))]));
  const rows = [...contents].map(([id, bytes]) => withAttachment(id, bytes, `digest of ${id}`));
  expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);
  await instance.close();
  const again = await openWithAttachments(folder);
  for (const [id, bytes] of contents) {
    expect((await bytesOf(again, id, `digest of ${id}`)).equals(bytes)).toBe(true);
  }
  const [document] = await again.findDocumentsById(['size-1'], false);
  expect(document).toMatchObject({
    _attachments: { photo: { length: 1, type: 'image/jpeg', digest: 'digest of size-1' } },
  });
  expect(JSON.stringify(document)).not.toContain('"data"');
});

test('a changed attachment replaces the old bytes, a deleted document takes them along', async () => {
  const instance = await openWithAttachments(temporaryFolder());
  await instance.bulkWrite([withAttachment('a', new Uint8Array(randomBytes(2_000_000)), 'old')], 'test');
  const [first] = await instance.findDocumentsById(['a'], false);
  if (!first) throw new Error('the document is missing');
  const changed = withAttachment('a', new Uint8Array([1, 2, 3]), 'new').document;
  await instance.bulkWrite([{ previous: first, document: { ...changed, _rev: '2-writer' } }], 'test');
  expect([...(await bytesOf(instance, 'a', 'new'))]).toEqual([1, 2, 3]);
  await expect(bytesOf(instance, 'a', 'old')).rejects.toMatchObject({ code: 'STORAGE_ATTACHMENT_MISSING' });
  const [second] = await instance.findDocumentsById(['a'], false);
  if (!second) throw new Error('the document is missing');
  const deleted = { ...second, _deleted: true, _attachments: {}, _rev: '3-writer' };
  await instance.bulkWrite([{ previous: second, document: deleted }], 'test');
  await expect(bytesOf(instance, 'a', 'new')).rejects.toMatchObject({ code: 'STORAGE_ATTACHMENT_MISSING' });
});

test('a new attachment without its data is refused, not stored and not announced', async () => {
  const instance = await openWithAttachments(temporaryFolder());
  const announced: string[] = [];
  instance
    .changeStream()
    .subscribe(({ events }) => announced.push(...events.map((event) => event.documentId)));
  const stub = { ...item('a'), _attachments: { photo: { length: 1, type: 'image/jpeg', digest: 'd' } } };
  const { error } = await instance.bulkWrite([{ document: stub }, { document: item('b') }], 'test');
  expect(error).toEqual([expect.objectContaining({ status: 510, documentId: 'a', attachmentId: 'photo' })]);
  expect(await instance.findDocumentsById(['a'], true)).toEqual([]);
  expect(announced).toEqual(['b']);
});
