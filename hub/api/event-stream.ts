/**
 * `GET /api/events`: server-sent events that say what to load again, never the data itself. Bounded: a client that
 * does not read is dropped, more clients than the limit are refused, changes within a moment are one event.
 */
import type { ServerResponse } from 'node:http';
import type { HubChangeEvent } from '@truecount/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

export type ChangeTopic = HubChangeEvent['topics'][number];

const MAX_CLIENTS = 200;
const COALESCE_MS = 100;
const HEARTBEAT_MS = 15_000;
const MAX_UNREAD_BYTES = 65_536;

export class EventStream {
  readonly #clients = new Set<ServerResponse>();
  readonly #due = new Set<ChangeTopic>();
  #timer: NodeJS.Timeout | undefined;
  readonly #heartbeat: NodeJS.Timeout;

  constructor() {
    this.#heartbeat = setInterval(() => this.#send(': still here\n\n'), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  get clients(): number {
    return this.#clients.size;
  }

  notify(topics: readonly ChangeTopic[]): void {
    for (const topic of topics) this.#due.add(topic);
    if (this.#timer !== undefined || this.#due.size === 0) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      const event: HubChangeEvent = { topics: [...this.#due] };
      this.#due.clear();
      this.#send(`data: ${JSON.stringify(event)}\n\n`);
    }, COALESCE_MS);
    this.#timer.unref();
  }

  /** Takes over the reply and keeps it open. */
  attach(request: FastifyRequest, reply: FastifyReply): void {
    if (this.#clients.size >= MAX_CLIENTS)
      throw new ProblemError(503, 'E_TOO_MANY_LISTENERS', `${MAX_CLIENTS} screens are already listening`);
    reply.hijack();
    const response = reply.raw;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write('retry: 2000\n\n');
    this.#clients.add(response);
    request.raw.on('close', () => this.#clients.delete(response));
  }

  close(): void {
    clearInterval(this.#heartbeat);
    clearTimeout(this.#timer);
    for (const client of this.#clients) client.end();
    this.#clients.clear();
  }

  #send(text: string): void {
    for (const client of this.#clients) {
      if (client.writableLength > MAX_UNREAD_BYTES) {
        this.#clients.delete(client);
        client.destroy();
      } else client.write(text);
    }
  }
}
