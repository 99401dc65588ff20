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
import { type Database, gathered } from '../database/index.ts';
import { type Standing, standingIn } from './device-registry.ts';
import { type AskNews, newsOf } from './news.ts';
import { openDevices, type Opened, type Opening } from './open-devices.ts';
import { RequestQueue } from './request-queue.ts';
import { textProblem } from './storable.ts';
import { takePull } from './take-pull.ts';
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

/**
 * Pushes hold a connection each, and their documents lie unpacked in memory; the others are answered many at a time (see
 * `gathered`).
 */
const LIMITS = { running: { push: 6, other: 100 }, perDevice: 32, total: 20_000, bytes: 64 * 1024 * 1024 };
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
  readonly #openDevice: (opening: Opening) => Promise<Opened>;
  readonly #askNews: AskNews;

  constructor(options: AnsweringOptions) {
    this.#options = options;
    const { database } = options;
    this.#openDevice = gathered((openings: readonly Opening[]) => openDevices(database, openings));
    this.#askNews = newsOf(database);
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
    const kind = verb === 'push' ? 'push' : 'other';
    const taken = this.#queue.add(`${address.store}/${address.device}`, {
      kind,
      bytes: payload.length,
      run: async () => {
        const asked = this.#read(topic, payload);
        if (!asked) return;
        const answer = await this.#answer(verb, { address, part, value: asked.value }).catch(this.#trouble);
        await this.#reply(address, asked, answer);
      },
    });
    const asked = taken ? undefined : this.#read(topic, payload);
    if (!asked) return;
    const text = 'The hub has too many requests waiting. It is asked again by itself.';
    void this.#reply(address, asked, problem('busy', text, BUSY_RETRY_MS));
  };

  /** Not before its turn: packed it is a fifth of the size. Without an id there is nobody to answer. */
  #read(topic: string, payload: Uint8Array): (Asked & { readonly value: unknown }) | undefined {
    const message = unpackMessage(payload);
    const head = message.ok ? parseHead(message.value) : message;
    if (message.ok && head.ok) return { id: head.value.id, v: head.value.v, value: message.value };
    this.#options.onWarning(`${topic}: ${head.ok ? '' : head.problem}`);
    return undefined;
  }

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
    const { clock, history, versions = protocolVersions } = this.#options;
    const version = commonVersion(asking.versions, versions);
    if (version === undefined)
      return problem(
        'version',
        `This device speaks protocol ${asking.versions.join(', ')}; the hub ${versions.join(', ')}. ` +
          'Update whichever is older.',
      );
    const unstorable = textProblem(asking.start) ?? textProblem(asking.version);
    if (unstorable !== undefined) return problem('malformed', `start or version ${unstorable}`);
    const at = instant(clock.now());
    const { verdict, ...facts } = await this.#openDevice({ address, asking, at });
    switch (verdict.kind) {
      case 'accepted': {
        const newest = { history, seq: facts.newest };
        const { onOpen } = this.#options;
        const secret = facts.isRotating ? await onOpen?.(address, asking.generation) : undefined;
        const result = { version, newest, at, quarantined: facts.quarantined, ...(secret ? { secret } : {}) };
        return { ok: true, result };
      }
      case 'fenced':
        return problem('fenced', verdict.text);
      case 'revoked':
        this.#options.onRevokedOpen?.(address);
        return standingProblem(verdict);
      case 'unknown':
        return standingProblem(verdict);
      default:
        return verdict satisfies never;
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
    const news = await this.#askNews({ address, collection });
    const standing = standingIn(news.life, from);
    if (standing.kind !== 'open') return standingProblem(standing);
    return { ok: true, result: await takePull(database, { ...body, collection, address }, history, news) };
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
