/**
 * LISTEN on one connection of its own. States: idle (nobody listens), connected, reconnecting (bounded back-off,
 * for as long as somebody listens). After a lost connection every listener hears `undefined`: look again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';

type OnPayload = (payload: string | undefined) => void;

const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 10_000;
const CONNECT_TIMEOUT_MS = 10_000;

export class PostgresListener {
  readonly #url: string;
  readonly #onWarning: (text: string) => void;
  readonly #listeners = new Map<string, Set<OnPayload>>();
  readonly #closing = new AbortController();
  #connection: Promise<pg.Client> | undefined;

  constructor(url: string, onWarning: (text: string) => void) {
    this.#url = url;
    this.#onWarning = onWarning;
  }

  async listen(channel: string, onPayload: OnPayload): Promise<() => Promise<void>> {
    this.#connection ??= this.#connect();
    const client = await this.#connection;
    const known = this.#listeners.get(channel);
    if (known) known.add(onPayload);
    else {
      this.#listeners.set(channel, new Set([onPayload]));
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    }
    return () => this.#unlisten(channel, onPayload);
  }

  async close(): Promise<void> {
    this.#closing.abort();
    const client = await this.#connection?.catch(() => undefined);
    await client?.end();
  }

  async #unlisten(channel: string, onPayload: OnPayload): Promise<void> {
    const listeners = this.#listeners.get(channel);
    if (!listeners?.delete(onPayload) || listeners.size > 0 || this.#closing.signal.aborted) return;
    this.#listeners.delete(channel);
    const client = await this.#connection?.catch(() => undefined);
    await client?.query(`UNLISTEN ${pg.escapeIdentifier(channel)}`).catch(() => undefined);
  }

  async #connect(): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: this.#url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      application_name: 'truecount-hub-listen',
      keepAlive: true,
    });
    client.on('notification', ({ channel, payload }) => {
      for (const onPayload of this.#listeners.get(channel) ?? []) onPayload(payload ?? '');
    });
    client.on('error', (error) => this.#onWarning(`the listening connection failed: ${error.message}`));
    await client.connect();
    for (const channel of this.#listeners.keys())
      await client.query(`LISTEN ${pg.escapeIdentifier(channel)}`);
    client.on('end', () => {
      if (this.#closing.signal.aborted) return;
      this.#connection = this.#reconnect();
      this.#connection.catch(() => undefined);
    });
    return client;
  }

  async #reconnect(): Promise<pg.Client> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2)) {
      await delay(pauseMs, undefined, { signal: this.#closing.signal });
      try {
        const client = await this.#connect();
        for (const listeners of this.#listeners.values())
          for (const onPayload of listeners) onPayload(undefined);
        return client;
      } catch (error) {
        this.#onWarning(
          `the database cannot be reached: ${error instanceof Error ? error.message : 'unknown'}`,
        );
      }
    }
  }
}
