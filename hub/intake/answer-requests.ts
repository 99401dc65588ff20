/** Devices' requests: bytes in, one reply each, whatever comes. */
import {
  type Clock,
  type CollectionName,
  commonVersion,
  type DeviceAddress,
  type DeviceSecret,
  instant,
  isSubject,
  type OpenRequest,
  type OpenResult,
  type Origin,
  parserFor,
  protocolVersions,
  type PullRequest,
  type PullResult,
  type PushResult,
  type ReplicationProblem,
  RequestHead,
  readTopic,
  topicOf,
  type Verb,
  verbs,
} from '@truecount/protocol';
import { MessageTooLargeError, packMessage, unpackMessage } from '@truecount/protocol/wire';
import type { BrokerLink } from '../broker/index.ts';
import type { Database } from '../database/index.ts';
import { openDevice, type Standing, standingOf } from './device-registry.ts';
import { countQuarantined } from './quarantine.ts';
import { RequestQueue } from './request-queue.ts';
import { newestSeq, takePull } from './take-pull.ts';
import { type OnChanges, takePush } from './take-push.ts';

/** @param generation of the secret that the device holds; undefined from one that knows no rotation */
export type OnOpen = (
  address: DeviceAddress,
  generation: number | undefined,
) => Promise<DeviceSecret | undefined>;

export interface AnsweringOptions {
  readonly database: Database;
  readonly broker: BrokerLink;
  readonly clock: Clock;
  readonly history: string;
  readonly onChanges: OnChanges;
  readonly onOpen?: OnOpen;
  /** A revoked device asks to be let in, and is told. */
  readonly onRevokedOpen?: (address: DeviceAddress) => void;
  /** Versions to speak, newest first; default: those of the protocol. */
  readonly versions?: readonly number[];
  readonly onWarning: (text: string) => void;
}

type Answer =
  | { readonly ok: true; readonly result: OpenResult | PullResult | PushResult }
  | { readonly ok: false; readonly problem: ReplicationProblem };

const LIMITS = { running: 6, perDevice: 32, total: 20_000 };
const BUSY_RETRY_MS = 1000;
const TROUBLE_RETRY_MS = 2000;

const parseHead = parserFor(RequestHead);
const parsers = {
  open: parserFor(verbs.open.request),
  pull: parserFor(verbs.pull.request),
  push: parserFor(verbs.push.request),
};

export class RequestAnswering {
  readonly #options: AnsweringOptions;
  readonly #queue = new RequestQueue(LIMITS);

  constructor(options: AnsweringOptions) {
    this.#options = options;
  }

  /** Resolves when every request that was taken has its reply. */
  idle(): Promise<void> {
    return this.#queue.idle();
  }

  readonly onMessage = (topic: string, payload: Uint8Array): void => {
    const read = readTopic(topic);
    if (!read || !(read.name in verbs) || !isSubject(read.name as Verb, read.part)) return;
    const { address, part } = read;
    const verb = read.name as Verb;
    const message = unpackMessage(payload);
    const head = message.ok ? parseHead(message.value) : message;
    // Without an id there is nobody to answer.
    if (!message.ok || !head.ok) {
      this.#options.onWarning(`${topic}: ${head.ok ? '' : head.problem}`);
      return;
    }
    const { id, v } = head.value;
    const taken = this.#queue.add(`${address.store}/${address.device}`, async () => {
      const answer = await this.#answer(verb, { address, part, value: message.value }).catch(this.#trouble);
      await this.#reply(address, { id, v }, answer);
    });
    if (!taken) {
      const text = 'The hub has too many requests waiting. It is asked again by itself.';
      void this.#reply(address, { id, v }, problem('busy', text, BUSY_RETRY_MS));
    }
  };

  async #answer(
    verb: Verb,
    asked: { readonly address: DeviceAddress; readonly part: string; readonly value: unknown },
  ): Promise<Answer> {
    const { address } = asked;
    if (verb === 'open') {
      const parsed = parsers.open(asked.value);
      return parsed.ok ? this.#open(address, parsed.value.body) : problem('malformed', parsed.problem);
    }
    const collection = asked.part as CollectionName;
    if (verb === 'pull') {
      const parsed = parsers.pull(asked.value);
      if (!parsed.ok) return problem('malformed', parsed.problem);
      const { v, from, body } = parsed.value;
      return this.#unspoken(v) ?? this.#pull(address, collection, from, body);
    }
    const parsed = parsers.push(asked.value);
    if (!parsed.ok) return problem('malformed', parsed.problem);
    const { v, id, from, body } = parsed.value;
    return this.#unspoken(v) ?? this.#push(address, { collection, from, requestId: id, rows: body.rows });
  }

  async #open(address: DeviceAddress, asking: OpenRequest): Promise<Answer> {
    const { database, clock, history } = this.#options;
    const { versions = protocolVersions } = this.#options;
    const version = commonVersion(asking.versions, versions);
    if (version === undefined)
      return problem(
        'version',
        `This device speaks protocol ${asking.versions.join(', ')}; the hub ${versions.join(', ')}. ` +
          'Update whichever is older.',
      );
    const at = instant(clock.now());
    const opened = await database.transaction((tx) => openDevice(tx, address, asking, at));
    switch (opened.kind) {
      case 'accepted': {
        const quarantined = await countQuarantined(database, address.device);
        const newest = { history, seq: await newestSeq(database) };
        const secret = await this.#options.onOpen?.(address, asking.generation);
        const result = { version, newest, at, quarantined, ...(secret ? { secret } : {}) };
        return { ok: true, result };
      }
      case 'fenced':
        return problem('fenced', opened.text);
      case 'revoked':
        this.#options.onRevokedOpen?.(address);
        return standingProblem(opened);
      case 'unknown':
        return standingProblem(opened);
      default:
        return opened satisfies never;
    }
  }

  #unspoken(version: number): Answer | undefined {
    return unspokenOf(version, this.#options.versions ?? protocolVersions);
  }

  async #pull(
    address: DeviceAddress,
    collection: CollectionName,
    from: Origin,
    body: PullRequest,
  ): Promise<Answer> {
    const { database, history } = this.#options;
    const standing = await standingOf(database, address, from);
    if (standing.kind !== 'open') return standingProblem(standing);
    return { ok: true, result: await takePull(database, { ...body, collection, address }, history) };
  }

  async #push(
    address: DeviceAddress,
    push: {
      readonly collection: CollectionName;
      readonly from: Origin;
      readonly requestId: string;
      readonly rows: readonly unknown[];
    },
  ): Promise<Answer> {
    const { database, clock, onChanges } = this.#options;
    const outcome = await takePush(database, { ...push, address, atMs: clock.now() }, onChanges);
    return outcome.kind === 'taken' ? { ok: true, result: outcome.result } : standingProblem(outcome);
  }

  readonly #trouble = (error: unknown): Answer => {
    this.#options.onWarning(`a request could not be answered: ${String(error)}`);
    return problem('internal', 'The hub is in trouble; its log says more.', TROUBLE_RETRY_MS);
  };

  /** In the version that was asked in. */
  async #reply(address: DeviceAddress, asked: Asked, answer: Answer): Promise<void> {
    const topic = topicOf('reply', address, asked.id);
    try {
      await this.#options.broker.publish(topic, pack(asked, answer), { qos: 1 });
    } catch (error) {
      // The device asks again with the same id.
      this.#options.onWarning(`a reply could not be sent: ${String(error)}`);
    }
  }
}

interface Asked {
  readonly id: string;
  readonly v: number;
}

function pack({ id, v }: Asked, answer: Answer): Buffer {
  try {
    return packMessage({ v, id, ...answer });
  } catch (error) {
    if (!(error instanceof MessageTooLargeError)) throw error;
    return packMessage({
      v,
      id,
      ...problem('too-large', 'Ask for fewer documents at a time.'),
    });
  }
}

function unspokenOf(version: number, versions: readonly number[]): Answer | undefined {
  if (versions.includes(version)) return undefined;
  return problem('version', `The hub does not speak protocol ${version}. Open again to agree on one.`);
}

function standingProblem(standing: Exclude<Standing, { readonly kind: 'open' }>): Answer {
  if (standing.kind === 'revoked')
    return problem('revoked', `This device's access to the hub was withdrawn: ${standing.reason}`);
  return problem('not-open', 'The hub does not know this start of the device; it opens again by itself.');
}

function problem(code: ReplicationProblem['code'], text: string, retryAfterMs?: number): Answer {
  const bounded = text.slice(0, 500);
  return {
    ok: false,
    problem: { code, text: bounded, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
  };
}
