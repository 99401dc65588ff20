/**
 * Looks a value up in a context of unknown layout. Evidence is read by its code, so `record-says.qty` finds the
 * `qty` of the piece of evidence whose code is `record-says`, wherever the evidence stands.
 */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type Scalar = string | number | boolean;

/** What holds other people's text or other cases; no fact about this case comes from there. */
const notFacts = new Set([
  'procedures',
  'options',
  'policy',
  'question',
  'ask',
  'role',
  'store',
  'tiers',
  'history',
  'pastoutcomes',
]);
const MOST_NODES = 5000;

const plain = (key: string): string => key.toLowerCase().replaceAll(/[_-]/g, '');
const isScalar = (value: Json | undefined): value is Scalar =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
const isObject = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Every object of the context, outermost first, with the name it stands under. */
export interface Node {
  readonly name: string;
  readonly fields: ReadonlyMap<string, Json>;
}

export function nodesOf(context: Json): readonly Node[] {
  const nodes: Node[] = [];
  const queue: { readonly name: string; readonly value: Json }[] = [{ name: '', value: context }];
  for (let at = 0; at < queue.length && nodes.length < MOST_NODES; at += 1) {
    const next = queue[at];
    if (next === undefined) break;
    if (isList(next.value)) for (const value of next.value) queue.push({ name: next.name, value });
    if (!isObject(next.value)) continue;
    const fields = new Map(Object.entries(next.value).map(([key, value]) => [plain(key), value]));
    nodes.push({ name: plain(next.name), fields });
    const { code, params } = next.value;
    if (typeof code === 'string' && isObject(params)) {
      queue.push({ name: code, value: params });
      continue;
    }
    for (const [key, value] of Object.entries(next.value))
      if (!notFacts.has(plain(key))) queue.push({ name: key, value });
  }
  return nodes;
}

/** The first scalar on the first path that has one. */
export function findFact(nodes: readonly Node[], paths: readonly string[]): Scalar | undefined {
  for (const path of paths) {
    const keys = path.split('.').map(plain);
    const last = keys.at(-1) ?? '';
    const parent = keys.at(-2);
    for (const node of nodes) {
      // `name` and `sku` belong to whatever holds them; only the context's own are the product's.
      if (parent === undefined ? last === 'name' && node.name !== '' : node.name !== parent) continue;
      const value = node.fields.get(last);
      if (isScalar(value) && value !== '') return value;
    }
  }
  return undefined;
}
