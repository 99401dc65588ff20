/**
 * Requests to the hub, each with one answer.
 *
 * States of a request: waiting (for the way to open or for a free place), asked, and again waiting when its answer
 * did not come; every time it is asked under the same id, so that the hub can tell a repetition. It ends with the
 * answer, with the hub's refusal, or at its deadline. More urgent requests go first; a bounded number is under way.
 * During an outage requests wait until their deadline, which rides out short cuts; `failAll` ends them at once.
 */
import {
  newId,
  type Origin,
  parserFor,
  PROTOCOL_VERSION,
  type ReplyOf,
  type RequestBody,
  type ResultOf,
  type Subject,
  type Verb,
  verbs,
} from '@truecount/protocol';
import { packMessage, unpackMessage } from '@truecount/protocol/wire';
import { HubRefusedError, HubSilentError, OutageError } from './errors.ts';

interface RequestLimits {
  /** Asked again when no answer came within this time. */
  readonly answerMs: number;
  /** Given up after this time, waiting included. */
  readonly deadlineMs: number;
  /** Times a request is asked while the way is open; after that the hub counts as silent. */
  readonly attempts: number;
  readonly underWay: number;
}

export interface RequestsOptions {
  readonly limits: RequestLimits;
  readonly from: Origin;
  readonly random: () => number;
  /** Hands bytes to the broker. A failure needs no report: the answer then does not come. */
  readonly send: (verb: Verb, subject: Subject, payload: Uint8Array) => void;
  /** Asked as often as allowed without an answer. */
  readonly onSilence: () => void;
  /** The hub says that it does not, or no longer, know this start of the device. */
  readonly onNotOpen: () => void;
}

interface Request {
  readonly id: string;
  readonly verb: Verb;
  readonly subject: Subject;
  readonly priority: number;
  readonly payload: Uint8Array;
  attempts: number;
  timer: NodeJS.Timeout | undefined;
  readonly deadline: NodeJS.Timeout;
  readonly settle: { resolve(result: unknown): void; reject(error: Error): void };
}

const parsers = {
  open: parserFor(verbs.open.reply),
  pull: parserFor(verbs.pull.reply),
  push: parserFor(verbs.push.reply),
};
/** Opening comes before everything else and is asked while the way is still closed to the rest. */
const OPENING = -1;

export class Requests {
  readonly #options: RequestsOptions;
  readonly #all = new Map<string, Request>();
  #waiting: Request[] = [];
  readonly #asked = new Set<Request>();
  /** The least urgent priority that may go now. */
  #openUpTo: number = OPENING;
  #version = PROTOCOL_VERSION;

  constructor(options: RequestsOptions) {
    this.#options = options;
  }

  /** @param priority lower goes first */
  ask<V extends Verb>(
    verb: V,
    subject: Subject,
    body: RequestBody<V>,
    priority: number,
  ): Promise<ResultOf<V>> {
    const id = newId(Date.now());
    const { from, limits } = this.#options;
    const payload = packMessage({ v: this.#version, id, from, body });
    return new Promise<ResultOf<V>>((resolve, reject) => {
      const request: Request = {
        id,
        verb,
        subject,
        priority: verb === 'open' ? OPENING : priority,
        payload,
        attempts: 0,
        timer: undefined,
        deadline: setTimeout(() => this.#fail(request, new OutageError()), limits.deadlineMs),
        settle: { resolve, reject },
      };
      this.#all.set(id, request);
      this.#wait(request);
    });
  }

  /** The version that was agreed on with the hub. */
  speak(version: number): void {
    this.#version = version;
  }

  /** The hub has accepted this device: requests up to this priority may go. */
  open(upTo: number = Number.POSITIVE_INFINITY): void {
    this.#openUpTo = upTo;
    this.#askNext();
  }

  /** The connection is gone: what is under way waits again, under the same ids. */
  close(): void {
    this.#openUpTo = OPENING;
    for (const request of this.#asked) {
      if (request.verb === 'open') this.#fail(request, new OutageError());
      else this.#putBack(request);
    }
  }

  /** Ends everything but the asking whether this device is accepted. */
  failAll(): void {
    for (const request of this.#all.values())
      if (request.verb !== 'open') this.#fail(request, new OutageError());
  }

  end(): void {
    this.close();
    for (const request of this.#all.values()) this.#fail(request, new OutageError());
  }

  onReply(id: string, payload: Uint8Array): void {
    const request = this.#all.get(id);
    // The answer to an earlier asking of the same id may come after the request has ended.
    if (!request) return;
    const message = unpackMessage(payload);
    const parsed = message.ok ? parsers[request.verb](message.value) : message;
    if (!parsed.ok) {
      this.#fail(
        request,
        new HubSilentError(`${request.verb} ${request.subject} readably (${parsed.problem})`),
      );
      return;
    }
    this.#answered(request, parsed.value);
  }

  #answered(request: Request, reply: ReplyOf<Verb>): void {
    if (reply.ok) {
      this.#end(request);
      request.settle.resolve(reply.result);
    } else if (reply.problem.code === 'busy' && request.verb !== 'open') {
      this.#pause(request, reply.problem.retryAfterMs ?? 1000);
    } else {
      const { code } = reply.problem;
      this.#fail(request, new HubRefusedError(reply.problem));
      if (request.verb !== 'open' && (code === 'not-open' || code === 'revoked')) this.#options.onNotOpen();
    }
    this.#askNext();
  }

  /** A busy hub asked for patience; the request keeps its deadline. */
  #pause(request: Request, ms: number): void {
    this.#unask(request);
    request.attempts = 0;
    request.timer = setTimeout(() => this.#wait(request), ms * (0.5 + this.#options.random()));
  }

  #wait(request: Request): void {
    const after = this.#waiting.findIndex(({ priority }) => priority > request.priority);
    this.#waiting.splice(after < 0 ? this.#waiting.length : after, 0, request);
    this.#askNext();
  }

  #askNext(): void {
    while (this.#asked.size < this.#options.limits.underWay) {
      const [request] = this.#waiting;
      if (!request || request.priority > this.#openUpTo) return;
      this.#waiting.shift();
      this.#asked.add(request);
      request.attempts += 1;
      request.timer = setTimeout(() => this.#unanswered(request), this.#options.limits.answerMs);
      this.#options.send(request.verb, request.subject, request.payload);
    }
  }

  #unanswered(request: Request): void {
    if (request.attempts < this.#options.limits.attempts) {
      this.#putBack(request);
      return;
    }
    this.#fail(request, new HubSilentError(`${request.verb} ${request.subject}`));
    this.#options.onSilence();
  }

  #putBack(request: Request): void {
    this.#unask(request);
    this.#wait(request);
  }

  #unask(request: Request): void {
    clearTimeout(request.timer);
    request.timer = undefined;
    this.#asked.delete(request);
  }

  #fail(request: Request, error: Error): void {
    if (!this.#all.has(request.id)) return;
    this.#end(request);
    request.settle.reject(error);
    this.#askNext();
  }

  #end(request: Request): void {
    this.#unask(request);
    clearTimeout(request.deadline);
    this.#all.delete(request.id);
    this.#waiting = this.#waiting.filter((other) => other !== request);
  }
}
