/** What a shelf should look like: rows from the top, products from the left, each with its facings. */
import { parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

const text = Type.String({ minLength: 1, maxLength: 200 });

export const PlannedProduct = Type.Object({
  sku: text,
  name: Type.Optional(text),
  facings: Type.Integer({ minimum: 1, maximum: 60 }),
  /** GTINs on the product and its shelf tag; one in the picture tells which row is which. */
  gtins: Type.Optional(Type.Array(Type.String({ pattern: '^[0-9]{8,14}$' }), { maxItems: 20 })),
  /** Of one facing; makes the match surer where products differ in width. */
  widthMm: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 2000 })),
});
export type PlannedProduct = Static<typeof PlannedProduct>;

export const Planogram = Type.Object({
  id: text,
  name: Type.Optional(text),
  rows: Type.Array(Type.Object({ products: Type.Array(PlannedProduct, { minItems: 1, maxItems: 60 }) }), {
    minItems: 1,
    maxItems: 20,
  }),
});
export type Planogram = Static<typeof Planogram>;

export const parsePlanogram = parserFor(Planogram);

export type PlanogramRead =
  | { readonly ok: true; readonly planogram: Planogram }
  | { readonly ok: false; readonly code: 'E_PLANOGRAM'; readonly problem: string };

/** From the text of a JSON file; `name` is what the error calls it. */
export function readPlanogram(json: string, name: string): PlanogramRead {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return { ok: false, code: 'E_PLANOGRAM', problem: `${name} is no JSON` };
  }
  const parsed = parsePlanogram(value);
  return parsed.ok
    ? { ok: true, planogram: parsed.value }
    : { ok: false, code: 'E_PLANOGRAM', problem: `${name}: ${parsed.problem}` };
}
