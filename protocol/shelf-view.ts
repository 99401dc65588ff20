/** What a shelf camera saw, as the kiosk's Shelf screen reads it, and what people say to it. */
import { type Static, Type } from 'typebox';
import { Id, Instant, Probability, ShortText, Sku } from './schema.ts';

const pixels = Type.Number({ minimum: -100_000, maximum: 100_000 });
/** Edges in pixels of the frame: left, top, right, bottom. */
const edges = Type.Tuple([pixels, pixels, pixels, pixels]);

export const ShelfBox = Type.Object({
  kind: Type.Union([Type.Literal('facing'), Type.Literal('gap')]),
  /** Probability that the box is right. */
  score: Probability,
  xyxy: edges,
  /** Absent where the planogram has no place for it, or there is no planogram. */
  sku: Type.Optional(Sku),
});
export type ShelfBox = Static<typeof ShelfBox>;

export const ShelfProduct = Type.Object({
  sku: Sku,
  name: Type.String({ maxLength: 200 }),
  /** From the top, starting at 0. */
  row: Type.Integer({ minimum: 0 }),
  planned: Type.Integer({ minimum: 1 }),
  facings: Type.Integer({ minimum: 0 }),
  gaps: Type.Integer({ minimum: 0 }),
  /** Places that the camera could not see. */
  unknown: Type.Integer({ minimum: 0 }),
});
export type ShelfProduct = Static<typeof ShelfProduct>;

export const cameraStates = ['starting', 'up', 'down'] as const;

/** `GET /api/shelf` answers a list of these; the picture is at `/api/shelf/:camera/frame`. */
export const ShelfView = Type.Object({
  camera: ShortText,
  state: Type.Enum(cameraStates),
  /** What is wrong and what to do. */
  message: Type.Optional(ShortText),
  /** Of the frame; absent until one was looked at. */
  seenAt: Type.Optional(Instant),
  /** Changes with every picture; asked for as `?v=`, so that a screen shows the picture that belongs to the boxes. */
  frame: Type.Optional(Type.Object({ id: Id, width: Type.Integer(), height: Type.Integer() })),
  boxes: Type.Array(ShelfBox, { maxItems: 2000 }),
  products: Type.Array(ShelfProduct, { maxItems: 1200 }),
  /** Share of planned places that were seen, filled or empty. */
  certainty: Probability,
  /** How often people found this camera right, as a mean of what they said so far. */
  rightAboutGaps: Probability,
  rightAboutFacings: Probability,
  /** Set once somebody accepted or corrected this frame. */
  judged: Type.Optional(Type.Boolean()),
});
export type ShelfView = Static<typeof ShelfView>;

/** `POST /api/shelf/:camera/verdict`. Without `products` everything was right. */
export const ShelfVerdict = Type.Object({
  id: Id,
  frame: Id,
  products: Type.Optional(
    Type.Array(
      Type.Object({
        sku: Sku,
        row: Type.Integer({ minimum: 0 }),
        facings: Type.Integer({ minimum: 0, maximum: 200 }),
      }),
      {
        maxItems: 1200,
      },
    ),
  ),
});
export type ShelfVerdict = Static<typeof ShelfVerdict>;
