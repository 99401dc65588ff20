/**
 * Every MQTT topic of a device, below `truecount/1/<store>/<device>/`: who says what, how it is delivered, and the
 * schema of the payload. The broker's access rules, the hub's subscriptions and the published AsyncAPI follow
 * from this map. MQTT 3.1.1 only.
 */
import { type Static, type TSchema, Type } from 'typebox';
import { type CollectionName, collectionNames } from './documents.ts';
import { Exception } from './exception.ts';
import { FeedHealth } from './feed-health.ts';
import { Checkpoint, Origin, type Verb, verbs } from './replication.ts';
import { DeviceId, Id, Instant, ShortText, Sku, StoreId } from './schema.ts';

export const TOPIC_ROOT = 'truecount/1';

/** Birth, health and death of a device. An outage is a normal state: only `online` says that it is over. */
export const DeviceState = Type.Object({
  online: Type.Boolean(),
  /** Since when; a last will is written in advance and has none: the hub takes the time it hears it. */
  since: Type.Optional(Instant),
  from: Origin,
  version: Type.String({ maxLength: 40 }),
  feeds: Type.Array(FeedHealth, { maxItems: 100 }),
});
export type DeviceState = Static<typeof DeviceState>;

/**
 * A hub process at a broker of its own says that it is there (retained), and its last will that it is not: a device
 * then need not wait for an answer that nobody gives. Several hubs have one topic each.
 */
export const HubState = Type.Object({ online: Type.Boolean(), at: Instant });
export type HubState = Static<typeof HubState>;
/** Below no store: ids of stores have no underscore. */
const HUB_BRANCH = `${TOPIC_ROOT}/_hub`;
export const hubStateTopic = (instance: string): string => `${HUB_BRANCH}/${instance}`;
export const hubStateFilter: string = hubStateTopic('+');
/** @returns which hub process a topic is about; undefined when it is about none */
export const hubOfTopic = (topic: string): string | undefined =>
  topic.startsWith(`${HUB_BRANCH}/`) ? topic.slice(HUB_BRANCH.length + 1) : undefined;

/** CloudEvents 1.0, JSON format; `from` is an extension of ours. */
export const Alert = Type.Object({
  specversion: Type.Literal('1.0'),
  id: Id,
  source: Type.String({ maxLength: 200 }),
  type: Type.Literal('truecount.exception'),
  time: Instant,
  subject: Type.Optional(Type.String({ maxLength: 200 })),
  datacontenttype: Type.Literal('application/json'),
  from: Origin,
  data: Exception,
});
export type Alert = Static<typeof Alert>;

export const Changed = Type.Object({ checkpoint: Checkpoint });
export type Changed = Static<typeof Changed>;

/** What the hub asks of a device now. Not stored: what has to last is a document. */
export const Command = Type.Union([
  /** Say your state again and look for changes. */
  Type.Object({ id: Id, kind: Type.Literal('refresh') }),
  /** Ask again whether you are accepted: something about your access has changed. */
  Type.Object({ id: Id, kind: Type.Literal('open-again') }),
  /** This device's access was withdrawn. */
  Type.Object({ id: Id, kind: Type.Literal('revoked'), reason: ShortText }),
  /** Take no automatic action until a policy says so again. */
  Type.Object({ id: Id, kind: Type.Literal('freeze-automation'), reason: ShortText }),
  Type.Object({ id: Id, kind: Type.Literal('ask-count'), sku: Sku, reason: ShortText }),
]);
export type Command = Static<typeof Command>;

export interface TopicContract {
  readonly from: 'device' | 'hub';
  /** Below the device's branch; `+` stands for one level that varies. */
  readonly pattern: string;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly schema: TSchema;
}

export const topics = {
  state: { from: 'device', pattern: 'state', qos: 1, retain: true, schema: DeviceState },
  alert: { from: 'device', pattern: 'alert', qos: 1, retain: false, schema: Alert },
  open: { from: 'device', pattern: 'rpc/+/open', qos: 1, retain: false, schema: verbs.open.request },
  pull: { from: 'device', pattern: 'rpc/+/pull', qos: 1, retain: false, schema: verbs.pull.request },
  push: { from: 'device', pattern: 'rpc/+/push', qos: 1, retain: false, schema: verbs.push.request },
  reply: {
    from: 'hub',
    pattern: 'rpc/+/reply',
    qos: 1,
    retain: false,
    schema: Type.Union([verbs.open.reply, verbs.pull.reply, verbs.push.reply]),
  },
  /** "There is something to pull": a lost hint only delays. */
  changed: { from: 'hub', pattern: 'changed/+', qos: 0, retain: false, schema: Changed },
  command: { from: 'hub', pattern: 'command', qos: 1, retain: false, schema: Command },
} as const satisfies Record<string, TopicContract>;

export type TopicName = keyof typeof topics;
export type PayloadOf<T extends TopicName> = Static<(typeof topics)[T]['schema']>;

/** A device and its store: the branch of the topic tree that is its own. */
export interface DeviceAddress {
  readonly store: string;
  readonly device: string;
}

/** @param part what `+` stands for: a collection, `session`, or a request's id */
export function topicOf(name: TopicName, address: DeviceAddress, part = ''): string {
  return `${TOPIC_ROOT}/${address.store}/${address.device}/${topics[name].pattern.replace('+', part)}`;
}

/** The filter that matches this topic of every device. */
export const filterOf = (name: TopicName): string => `${TOPIC_ROOT}/+/+/${topics[name].pattern}`;

export interface ReadTopic {
  readonly name: TopicName;
  readonly address: DeviceAddress;
  /** What stands in the place of `+`; empty where the pattern has none. */
  readonly part: string;
}

// A pattern alone needs no compiled parser, which a browser's content security policy would forbid.
const matcherOf = (schema: TSchema): RegExp => new RegExp((schema as { pattern: string }).pattern);
const store = matcherOf(StoreId);
const device = matcherOf(DeviceId);

/** @returns undefined for a topic that is none of ours */
export function readTopic(topic: string): ReadTopic | undefined {
  const [root, version, storeId, deviceId, ...rest] = topic.split('/');
  if (`${root}/${version}` !== TOPIC_ROOT || storeId === undefined || deviceId === undefined)
    return undefined;
  if (!store.test(storeId) || !device.test(deviceId)) return undefined;
  for (const [name, { pattern }] of Object.entries(topics)) {
    const levels = pattern.split('/');
    const part = rest[levels.indexOf('+')] ?? '';
    if (levels.length === rest.length && pattern.replace('+', part) === rest.join('/'))
      return { name: name as TopicName, address: { store: storeId, device: deviceId }, part };
  }
  return undefined;
}

/** What a request is asked of. */
export type Subject = CollectionName | 'session';

export const isSubject = (verb: Verb, part: string): boolean =>
  verb === 'open' ? part === 'session' : (collectionNames as readonly string[]).includes(part);
