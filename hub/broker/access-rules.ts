/**
 * Who may say and hear what: a device only in its own branch, and there only in its own role. The rules follow
 * from the topic map, for the embedded broker as decisions and for Mosquitto as patterns (mosquitto-files.ts).
 */
import {
  type DeviceAddress,
  DeviceId,
  hubStateFilter,
  StoreId,
  topicOf,
  type TopicName,
  topics,
} from '@truecount/protocol';

/** MQTT user name of a device: its branch below the root. */
export const userNameOf = ({ store, device }: DeviceAddress): string => `${store}/${device}`;

const matcherOf = (schema: object): RegExp => new RegExp((schema as { pattern: string }).pattern);
const isStore = matcherOf(StoreId);
const isDevice = matcherOf(DeviceId);

export function readUserName(userName: string | undefined): DeviceAddress | undefined {
  const [store, device, ...rest] = (userName ?? '').split('/');
  if (store === undefined || device === undefined || rest.length > 0) return undefined;
  return isStore.test(store) && isDevice.test(device) ? { store, device } : undefined;
}

const named = (from: 'device' | 'hub'): readonly TopicName[] =>
  (Object.keys(topics) as TopicName[]).filter((name) => topics[name].from === from);
export const topicsOfDevice = named('device');
export const topicsOfHub = named('hub');

/** @param topic as published: without wildcards */
export function mayPublish(address: DeviceAddress, topic: string): boolean {
  return topicsOfDevice.some((name) => covers(topicOf(name, address, '+'), topic));
}

/** A filter is allowed when everything it can match is meant for this device. */
export function maySubscribe(address: DeviceAddress, filter: string): boolean {
  return (
    topicsOfHub.some((name) => covers(topicOf(name, address, '+'), filter)) || covers(hubStateFilter, filter)
  );
}

/** A revoked device may ask whether it is accepted and hear that it is not; nothing else. */
export const mayPublishRevoked = (address: DeviceAddress, topic: string): boolean =>
  covers(topicOf('open', address, '+'), topic);
export const mayHearRevoked = (address: DeviceAddress, filter: string): boolean =>
  (['reply', 'command'] as const).some((name) => covers(topicOf(name, address, '+'), filter));

/** `pattern` has `+` for one level; in `topic` a `+` is covered only by a `+`, and `#` by nothing. */
function covers(pattern: string, topic: string): boolean {
  const wanted = pattern.split('/');
  const given = topic.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((level, at) => given[at] !== '#' && (level === '+' || level === given[at]))
  );
}

/** A client id belongs to its device, so that no device can end another one's session by using its id. */
export const ownsClientId = ({ device }: DeviceAddress, clientId: string): boolean =>
  clientId === device || clientId.startsWith(`${device}.`);
