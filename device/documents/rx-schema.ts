/** RxDB schemas derived from the protocol's: one definition, no second copy of a type. */
import { collections, type CollectionName, type DocumentOf } from '@truecount/protocol';
import type { RxJsonSchema } from 'rxdb';

/** Fields that queries select or sort by. */
const INDEXES: { readonly [C in CollectionName]: readonly string[] } = {
  exceptions: ['state', 'detectedAt'],
  transfers: ['proposedAt'],
  tasks: ['createdAt'],
  orders: ['promisedAt'],
  leases: ['sku'],
  policies: [],
  staff: [],
  learning: [],
  positions: ['sku'],
};

/**
 * Raised whenever a collection's schema changes, so that a folder of an older version is taken over instead of refused. Fields
 * are only ever added, and optional: documents of before stay as they are.
 */
const VERSIONS: { readonly [C in CollectionName]?: number } = { exceptions: 1, transfers: 3 };

interface TextSchema {
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly { readonly const?: unknown }[];
  readonly maxLength?: number;
}

/** RxDB indexes only strings of a bounded length, so a union of words is told as such. */
function indexable(schema: TextSchema): object {
  const words = (schema.enum ?? schema.anyOf?.map((part) => part.const))?.map(String);
  if (words === undefined) return schema;
  return { type: 'string', enum: words, maxLength: Math.max(...words.map((word) => word.length)) };
}

/** From every older version to the next: nothing to do, see `VERSIONS`. */
export const migrationsOf = (name: CollectionName): Record<number, (document: object) => object> =>
  Object.fromEntries(Array.from({ length: VERSIONS[name] ?? 0 }, (_, i) => [i + 1, (document) => document]));

export function rxSchemaOf<C extends CollectionName>(name: C): RxJsonSchema<DocumentOf<C>> {
  const { schema } = collections[name];
  // A plain copy: RxDB hashes and clones schemas, TypeBox hangs its own marks on them.
  const plain = JSON.parse(JSON.stringify(schema)) as {
    properties: Record<string, TextSchema>;
    required: string[];
  };
  const properties = Object.fromEntries(
    Object.entries(plain.properties).map(([field, part]) => [
      field,
      INDEXES[name].includes(field) ? indexable(part) : part,
    ]),
  );
  return {
    title: name,
    version: VERSIONS[name] ?? 0,
    primaryKey: 'id',
    type: 'object',
    properties,
    required: plain.required,
    indexes: [...INDEXES[name]],
  } as unknown as RxJsonSchema<DocumentOf<C>>;
}
