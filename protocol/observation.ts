/**
 * Observations: one dated fact a device saw or was told. Never edited; a correction is a new observation.
 * The same shapes are the ledger's content, the input of `truecount replay` and the exchange format for
 * history imports (NDJSON, one object per line, ordered by `t`).
 */
import { type Static, Type } from 'typebox';
import { Id, Instant, parserFor, Sku, StoreId } from './schema.ts';

/** Beyond this a quantity is a typing or transmission error, not stock. */
const MAX_QTY = 100_000;
const qty = Type.Number({ minimum: -MAX_QTY, maximum: MAX_QTY });
const positiveQty = Type.Number({ minimum: 0, maximum: MAX_QTY });
const text = Type.String({ maxLength: 200 });
const price = Type.Number({ minimum: 0, maximum: 1_000_000, description: 'major units' });

const about = { t: Instant, sku: Sku };

export const CatalogObservation = Type.Object({
  type: Type.Literal('catalog'),
  ...about,
  gtin: Type.Optional(Type.String({ pattern: '^\\d{14}$' })),
  name: Type.Optional(text),
  price: Type.Optional(price),
  cost: Type.Optional(price),
  currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$' })),
  category: Type.Optional(text),
  facings: Type.Optional(positiveQty),
  pack: Type.Optional(positiveQty),
  place: Type.Optional(Type.String({ maxLength: 80, description: 'where it stands, e.g. "aisle 4 bay 2"' })),
});
export const RecordObservation = Type.Object({ type: Type.Literal('record'), ...about, qty });
export const SaleObservation = Type.Object({
  type: Type.Literal('sale'),
  ...about,
  qty,
  till: Type.Optional(text),
  ticket: Type.Optional(text),
  line: Type.Optional(Type.Integer({ minimum: 0 })),
});
export const ReturnObservation = Type.Object({
  type: Type.Literal('return'),
  ...about,
  qty: positiveQty,
  sellable: Type.Optional(Type.Boolean({ default: true })),
  till: Type.Optional(text),
  ticket: Type.Optional(text),
  line: Type.Optional(Type.Integer({ minimum: 0 })),
});
export const ReceiptObservation = Type.Object({
  type: Type.Literal('receipt'),
  ...about,
  qty: Type.Optional(positiveQty),
  reference: Type.Optional(text),
});
export const TransferObservation = Type.Object({
  type: Type.Literal('transfer'),
  ...about,
  qty,
  reference: Type.Optional(text),
});
export const CountObservation = Type.Object({
  type: Type.Literal('count'),
  ...about,
  qty: positiveQty,
  by: Type.Optional(text),
});
export const ShelfObservation = Type.Object({
  type: Type.Literal('shelf'),
  ...about,
  facings: positiveQty,
  capacity: positiveQty,
  camera: Type.Optional(text),
});
export const PickObservation = Type.Object({
  type: Type.Literal('pick'),
  ...about,
  requested: positiveQty,
  found: positiveQty,
  order: Type.Optional(text),
});
export const WasteObservation = Type.Object({
  type: Type.Literal('waste'),
  ...about,
  qty: positiveQty,
  reason: Type.Optional(text),
});
export const SeenObservation = Type.Object({ type: Type.Literal('seen'), ...about });
export const OpenObservation = Type.Object({ type: Type.Literal('open'), t: Instant });
export const CloseObservation = Type.Object({ type: Type.Literal('close'), t: Instant });
export const CheckpointObservation = Type.Object({ type: Type.Literal('checkpoint'), t: Instant });

/** Every type by its name, so that a reader can say "unknown type" apart from "missing field". */
export const observationSchemas = {
  catalog: CatalogObservation,
  record: RecordObservation,
  sale: SaleObservation,
  return: ReturnObservation,
  receipt: ReceiptObservation,
  transfer: TransferObservation,
  count: CountObservation,
  shelf: ShelfObservation,
  pick: PickObservation,
  waste: WasteObservation,
  seen: SeenObservation,
  open: OpenObservation,
  close: CloseObservation,
  checkpoint: CheckpointObservation,
} as const;

export type ObservationType = keyof typeof observationSchemas;
export type Observation = {
  [T in ObservationType]: Static<(typeof observationSchemas)[T]>;
}[ObservationType];
export type SkuObservation = Extract<Observation, { sku: string }>;

/** What the ledger adds to an observation: who saw it, in which life of the device, and in which order. */
export const Envelope = Type.Object({
  id: Id,
  store: StoreId,
  device: Id,
  epoch: Type.Integer({ minimum: 1 }),
  seq: Type.Integer({ minimum: 1 }),
  feed: Type.String({ maxLength: 80 }),
  /** Where the bytes it came from are, e.g. `ticket 1043 line 2` or `history.ndjson:120`. */
  source: Type.Optional(Type.String({ maxLength: 200 })),
  /**
   * Takes back an earlier entry: a fold leaves out both, as if neither had been written. The observation beside it
   * says for plain readers what the record goes back to.
   */
  corrects: Type.Optional(Id),
});
export type Envelope = Static<typeof Envelope>;
export type LedgerEntry = Envelope & { readonly observation: Observation };

/**
 * What a feed hands to the ledger. `key` makes it idempotent within its feed: the same key from the same
 * feed counts once (a ticket's line, a file's line); without one each delivery is a new fact.
 */
export interface FeedObservation {
  readonly observation: Observation;
  readonly id?: string;
  readonly key?: string;
  readonly source?: string;
  /** Id of an earlier entry that this one takes back. */
  readonly corrects?: string;
}

const parsers = Object.fromEntries(
  Object.entries(observationSchemas).map(([type, schema]) => [type, parserFor(schema)]),
) as { [T in ObservationType]: (input: unknown) => ReturnType<ReturnType<typeof parserFor>> };

export type ObservationParse =
  | { readonly ok: true; readonly value: Observation }
  | { readonly ok: false; readonly problem: string };

/** Parses one object of the exchange format; unknown fields are kept. */
export function parseObservation(input: unknown): ObservationParse {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return { ok: false, problem: 'not a JSON object' };
  const type = (input as Record<string, unknown>)['type'];
  if (typeof type !== 'string') return { ok: false, problem: 'type is missing' };
  if (!Object.hasOwn(parsers, type)) return { ok: false, problem: `unknown type "${type.slice(0, 40)}"` };
  return parsers[type as ObservationType](input) as ObservationParse;
}
