/** One store of a chaos run: its agent's process, its folders, its clock and its way to the hub. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from './link.ts';
import { ServerProcess } from './server-process.ts';

export interface StoreSetting {
  readonly id: string;
  readonly folder: string;
  /** Where the agent keeps its data; elsewhere when its disk is to be small. */
  readonly dataFolder?: string;
  readonly apiPort: number;
  readonly secret: string;
  readonly link: Link;
  /** Of the link. */
  readonly hubUrl: string;
  readonly publicKeyPem: string;
}

/** Fast enough that what follows from a count happens between two faults. */
const TICK_MS = 200;
/** Longer than a check takes: nothing is looked at by itself while replicas are compared. */
const QUIET_TICK_MS = 60_000;

export class StoreProcess {
  readonly id: string;
  readonly device: string;
  readonly url: string;
  readonly inbox: string;
  readonly dataFolder: string;
  readonly link: Link;
  readonly process: ServerProcess;
  readonly #setting: StoreSetting;
  readonly #config: string;
  #clockAheadMs = 0;

  constructor(setting: StoreSetting) {
    this.#setting = setting;
    this.id = setting.id;
    this.device = `${setting.id}-agent`;
    this.url = `http://127.0.0.1:${setting.apiPort}`;
    this.inbox = join(setting.folder, 'inbox');
    this.dataFolder = setting.dataFolder ?? join(setting.folder, 'data');
    this.link = setting.link;
    mkdirSync(this.inbox, { recursive: true });
    this.#config = join(setting.folder, 'store.json');
    this.process = new ServerProcess(this.id, ['store', '--config', this.#config]);
  }

  /** The store's own clock: its machine's, set wrong by a jump. */
  get clockAheadMs(): number {
    return this.#clockAheadMs;
  }

  /** From the next start on. */
  setClock(aheadMs: number): void {
    this.#clockAheadMs = aheadMs;
  }

  /** Another agent with the same identity, on a copy of the data. */
  copiedTo(place: Pick<StoreSetting, 'folder' | 'dataFolder' | 'apiPort'>): StoreProcess {
    return new StoreProcess({ ...this.#setting, ...place });
  }

  /** @param isQuiet looks at nothing by itself, so that documents stay as they are */
  start(isQuiet = false): Promise<unknown> {
    if (!this.process.isRunning) writeFileSync(this.#config, JSON.stringify(this.#configOf(isQuiet)));
    return this.process.start();
  }

  #configOf(isQuiet: boolean): object {
    const { id, apiPort, secret, hubUrl, publicKeyPem } = this.#setting;
    const now = Date.now();
    return {
      store: { id, name: id, timeZone: 'UTC', currency: 'EUR' },
      dataFolder: this.dataFolder,
      api: { host: '127.0.0.1', port: apiPort },
      hub: {
        url: hubUrl,
        device: this.device,
        username: `${id}/${this.device}`,
        password: secret,
        publicKeyPem,
      },
      feeds: [{ kind: 'ndjson', name: 'books', folder: this.inbox }],
      clock: {
        at: new Date(now).toISOString(),
        shows: new Date(now + this.#clockAheadMs).toISOString(),
        speed: 1,
      },
      tickMs: isQuiet ? QUIET_TICK_MS : TICK_MS,
      snapshotMs: 1000,
      log: { level: 'warn' },
    };
  }
}
