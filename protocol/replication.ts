/**
 * What a device and the hub say to each other to replicate documents: RxDB's protocol (pull by checkpoint, push
 * with the assumed master state, conflicts returned) as requests with one answer each.
 *
 * A request carries an id; asked again with the same id it gets the same answer. It also names the start of the
 * device it comes from (see `Lineage`), so a copy of a device that the hub has refused cannot slip anything in.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { DeviceSecret } from './enrolment.ts';
import { Id, Instant, ShortText } from './schema.ts';

/** Newest first. A hub speaks with devices up to two versions older. */
export const protocolVersions = [1] as const;
export const PROTOCOL_VERSION: number = protocolVersions[0];

/** Bound of one message on the wire and unpacked. Larger batches are split by the sender. */
export const MAX_MESSAGE_BYTES = 256 * 1024;
/** Bound of one document as JSON, so that a push of its old and new state still fits into one message. */
export const MAX_DOCUMENT_BYTES = 120 * 1024;
/** Documents in one pull or push. */
export const MAX_BATCH = 500;

const Version = Type.Integer({ minimum: 1, maximum: 1000 });
const Count = Type.Integer({ minimum: 0 });
const Nonce = Type.String({ minLength: 1, maxLength: 64 });

/**
 * One life of a device. `epoch` rises when a backup is restored. Every start draws a nonce; `lineage` lists the
 * nonces from the last one the hub confirmed up to `start`. The hub accepts a start whose lineage holds the
 * nonce it saw last; one that does not comes from a copied data folder.
 */
export const Lineage = Type.Object({
  epoch: Type.Integer({ minimum: 1 }),
  start: Nonce,
  lineage: Type.Array(Nonce, { maxItems: 1000 }),
});
export type Lineage = Static<typeof Lineage>;

/** Which life of the device a message comes from. */
export const Origin = Type.Object({ epoch: Type.Integer({ minimum: 1 }), start: Nonce });
export type Origin = Static<typeof Origin>;

/**
 * A place in the hub's order of changes. `history` names that order: a hub whose database was restored has
 * another one, and everything is compared again from the beginning.
 */
export const Checkpoint = Type.Object({
  history: Type.String({ maxLength: 64 }),
  seq: Count,
  /**
   * Within a first load: what the hub had at `seq`, newest change first, so far down to `before`. Changes after `seq`
   * follow when it is done; whoever holds this place goes on from it after any interruption.
   */
  load: Type.Optional(
    Type.Union([Type.Object({ before: Count, loaded: Count, total: Count }), Type.Null()], {
      description: 'null when it is done: places are laid over each other field by field, so it is said',
    }),
  ),
});
export type Checkpoint = Static<typeof Checkpoint>;

/** A document of any collection; `_deleted` marks one that was removed. Its own schema is checked by intake. */
export const WireDocument = Type.Object({ id: Id, _deleted: Type.Optional(Type.Boolean()) });
export type WireDocument = Static<typeof WireDocument> & { readonly [field: string]: unknown };

export const OpenRequest = Type.Intersect([
  Lineage,
  Type.Object({
    /** Versions the device speaks, newest first. */
    versions: Type.Array(Version, { minItems: 1, maxItems: 20 }),
    /** Of the software. */
    version: Type.String({ maxLength: 40 }),
    /** Of the secret that is written down here; absent where the secret stands in a config. */
    generation: Type.Optional(Type.Integer({ minimum: 0 })),
  }),
]);
export type OpenRequest = Static<typeof OpenRequest>;

export const OpenResult = Type.Object({
  /** The version to speak from now on. */
  version: Version,
  /** The hub's newest change. A device that has seen more, or another history, compares everything again. */
  newest: Checkpoint,
  at: Instant,
  /** Documents of this device that wait in the hub's quarantine. */
  quarantined: Count,
  /** A new secret for the next connection. The present one holds until this one is written down or used. */
  secret: Type.Optional(DeviceSecret),
});
export type OpenResult = Static<typeof OpenResult>;

export const PullRequest = Type.Object({
  checkpoint: Type.Union([Checkpoint, Type.Null()]),
  limit: Type.Integer({ minimum: 1, maximum: MAX_BATCH }),
  /** With no checkpoint: begin a first load instead of walking all changes from the beginning. */
  fill: Type.Optional(Type.Boolean()),
});
export type PullRequest = Static<typeof PullRequest>;

export const PullResult = Type.Object({
  documents: Type.Array(WireDocument, { maxItems: MAX_BATCH }),
  checkpoint: Checkpoint,
  /** True when nothing newer was there; a full message may hold fewer documents than were asked for. */
  complete: Type.Boolean(),
});
export type PullResult = Static<typeof PullResult>;

export const PushRow = Type.Object({
  /** What the device believes the hub has; null for a document it believes is new. */
  assumed: Type.Union([WireDocument, Type.Null()]),
  next: WireDocument,
});
export type PushRow = Static<typeof PushRow>;

/** Rows are parsed one by one, so that one that cannot be read does not hold up the others. */
export const PushRequest = Type.Object({
  rows: Type.Array(Type.Unknown(), { minItems: 1, maxItems: MAX_BATCH, description: 'each a PushRow' }),
});
export type PushRequest = Static<typeof PushRequest>;

export const PushResult = Type.Object({
  /** The hub's present state of each document that was not taken as it was sent. */
  conflicts: Type.Array(WireDocument, { maxItems: MAX_BATCH }),
  /** Documents the hub put aside, with the reason in plain words. They are not to be sent again unchanged. */
  quarantined: Type.Array(Type.Object({ id: Id, reason: ShortText }), { maxItems: MAX_BATCH }),
  /** Documents of this device that wait in quarantine, these included. */
  quarantinedTotal: Count,
});
export type PushResult = Static<typeof PushResult>;

export const errorCodes = [
  /** The hub has too much to do; ask again after `retryAfterMs`. */
  'busy',
  /** The hub does not know this start of the device: open again first. */
  'not-open',
  /** Another copy of this device has taken its place. */
  'fenced',
  /** The device's credentials were withdrawn. */
  'revoked',
  /** No common protocol version. */
  'version',
  /** The answer would not fit into one message: ask for less at a time. */
  'too-large',
  /** The request breaks the protocol; asking again will not help. */
  'malformed',
  'internal',
] as const;
type ErrorCode = (typeof errorCodes)[number];
const ErrorCode = Type.Unsafe<ErrorCode>(Type.Union(errorCodes.map((code) => Type.Literal(code))));
export const ReplicationProblem = Type.Object({
  code: ErrorCode,
  /** What happened and what to do, in plain words. */
  text: ShortText,
  retryAfterMs: Type.Optional(Type.Integer({ minimum: 0, maximum: 600_000 })),
});
export type ReplicationProblem = Static<typeof ReplicationProblem>;

const requestOf = <S extends TSchema>(body: S) => Type.Object({ v: Version, id: Id, from: Origin, body });
const replyOf = <S extends TSchema>(result: S) =>
  Type.Union([
    Type.Object({ v: Version, id: Id, ok: Type.Literal(true), result }),
    Type.Object({ v: Version, id: Id, ok: Type.Literal(false), problem: ReplicationProblem }),
  ]);

/** Request and reply of every verb; `open` is asked of `session`, the others of a collection. */
export const verbs = {
  open: { request: requestOf(OpenRequest), reply: replyOf(OpenResult) },
  pull: { request: requestOf(PullRequest), reply: replyOf(PullResult) },
  push: { request: requestOf(PushRequest), reply: replyOf(PushResult) },
} as const;
export type Verb = keyof typeof verbs;
export type RequestBody<V extends Verb> = Static<(typeof verbs)[V]['request']>['body'];
export type ReplyOf<V extends Verb> = Static<(typeof verbs)[V]['reply']>;
export type ResultOf<V extends Verb> = Extract<ReplyOf<V>, { ok: true }>['result'];

/** What is readable of a request whose body is not, so that even that one is answered. */
export const RequestHead = Type.Object({ v: Version, id: Id });

/** The version two sides share, newest first; undefined when there is none. */
export function commonVersion(
  theirs: readonly number[],
  ours: readonly number[] = protocolVersions,
): number | undefined {
  return ours.find((version) => theirs.includes(version));
}
