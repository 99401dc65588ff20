/**
 * The stores, the hub and its broker of one chaos run, as real processes on loopback in one temporary folder. Everything
 * that is random comes from the seed.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mosquittoPasswordLine } from '../../hub/broker/index.ts';
import { loadHubKey } from '../../hub/governance/index.ts';
import { freePort } from '../servers/free-port.ts';
import { type MosquittoServer, startMosquitto } from '../servers/mosquitto.ts';
import { type PostgresServer, startPostgres } from '../servers/postgres.ts';
import { Random } from '../twin/random.ts';
import { Link } from './link.ts';
import { ServerProcess } from './server-process.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';
import { StoreProcess } from './store-process.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly stores: number;
  /** Hub processes side by side; more than one needs a broker and a database of their own. Default 1. */
  readonly hubs?: number;
  readonly broker: 'embedded' | 'mosquitto';
  readonly database: 'pglite' | 'postgres';
  /** The last store's data lie on a disk of its own that can be filled. */
  readonly hasSmallDisk: boolean;
}

export const OPERATOR_KEY = 'chaos-operator-key-0123456789';
const SMALL_DISK_MB = 64;

export class World implements AsyncDisposable {
  readonly options: WorldOptions;
  readonly folder: string;
  /** The first hub, which is asked. */
  readonly hub: ServerProcess;
  readonly hubs: readonly ServerProcess[];
  readonly hubUrl: string;
  readonly hubData: string;
  readonly databaseUrl: string | undefined;
  /** The broker's own address, past the stores' links. */
  readonly brokerUrl: string;
  readonly stores: readonly StoreProcess[];
  readonly mosquitto: MosquittoServer | undefined;
  readonly disk: SmallDisk | undefined;
  readonly #postgres: PostgresServer | undefined;

  private constructor(parts: WorldParts) {
    this.options = parts.options;
    this.folder = parts.folder;
    this.hub = new ServerProcess('hub', ['hub', '--config', parts.hubConfig]);
    this.hubs = [
      this.hub,
      ...parts.furtherHubConfigs.map(
        (config, n) => new ServerProcess(`hub-${n + 2}`, ['hub', '--config', config]),
      ),
    ];
    this.hubUrl = `http://127.0.0.1:${parts.hubApiPort}`;
    this.hubData = join(parts.folder, 'hub');
    this.databaseUrl = parts.databaseUrl;
    this.brokerUrl = parts.brokerUrl;
    this.stores = parts.stores;
    this.mosquitto = parts.mosquitto;
    this.disk = parts.disk;
    this.#postgres = parts.postgres;
  }

  /** @returns with nothing running but a broker or a database of its own */
  static async prepare(options: WorldOptions): Promise<World> {
    return new World(await prepare(options));
  }

  /** @returns with everything up */
  static async start(options: WorldOptions): Promise<World> {
    const world = await World.prepare(options);
    try {
      // The first one makes the tables.
      for (const hub of world.hubs) await hub.start();
      await Promise.all(world.stores.map((store) => store.start()));
      return world;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  get processes(): readonly ServerProcess[] {
    return [...this.hubs, ...this.stores.map(({ process }) => process)];
  }

  /** JSON of the hub's API; throws when the hub is away or does not do it. */
  async askHub(path: string, body?: object): Promise<unknown> {
    return JSON.parse(await this.#textOfHub(`/api/${path}`, body));
  }

  /** What the hub counts of its own: documents, cases, work that waits, entries of the audit chain. */
  async hubNumbers(): Promise<readonly string[]> {
    const metrics = await this.#textOfHub('/metrics');
    return metrics.split('\n').filter((line) => line.startsWith('truecount_'));
  }

  /** What the hub has still to do by its own account: follow-up work, and scores that a killed hub may owe for a while. */
  static owedByHub(numbers: readonly string[]): readonly string[] {
    const owed = ['truecount_work_items{state="waiting"} ', 'truecount_cases_to_score '];
    return numbers.filter((line) => owed.some((name) => line.startsWith(name) && line !== `${name}0`));
  }

  async #textOfHub(path: string, body?: object): Promise<string> {
    const response = await fetch(`${this.hubUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${OPERATOR_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the hub answered ${path} with ${response.status}: ${text}`);
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const store of this.stores) store.link.close();
    await Promise.all(this.processes.map((process) => process.kill()));
    await this.mosquitto?.stop();
    await this.#postgres?.stop();
    this.disk?.remove();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

interface WorldParts {
  readonly options: WorldOptions;
  readonly folder: string;
  readonly hubConfig: string;
  readonly furtherHubConfigs: readonly string[];
  readonly hubApiPort: number;
  readonly databaseUrl: string | undefined;
  readonly brokerUrl: string;
  readonly stores: readonly StoreProcess[];
  readonly mosquitto: MosquittoServer | undefined;
  readonly postgres: PostgresServer | undefined;
  readonly disk: SmallDisk | undefined;
}

async function prepare(options: WorldOptions): Promise<WorldParts> {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-chaos-'));
  const ids = Array.from({ length: options.stores }, (_, n) => `store-${n + 1}`);
  const secrets = new Map(ids.map((id) => [id, `secret-of-${id}-0123456789`]));
  const mosquitto = options.broker === 'mosquitto' ? await startMosquitto() : undefined;
  await mosquitto?.admit(ids.map((id) => mosquittoPasswordLine(`${id}/${id}-agent`, secrets.get(id) ?? '')));
  const postgres = options.database === 'postgres' ? await startPostgres() : undefined;
  const databaseUrl = await postgres?.createDatabase();
  const brokerPort = await freePort();
  const brokerUrl = mosquitto?.url ?? `mqtt://127.0.0.1:${brokerPort}`;
  const hubApiPort = await freePort();
  const dataFolder = join(folder, 'hub');
  const hubConfig = join(folder, 'hub.json');
  const keyFile = join(folder, 'hub-key.pem');
  const writeHub = (path: string, place: { readonly dataFolder: string; readonly port: number }): void =>
    writeFileSync(path, JSON.stringify({ ...hubSettings(place.port), dataFolder: place.dataFolder }));
  const hubSettings = (port: number): object => ({
    keyFile,
    api: { host: '127.0.0.1', port, requestsPerMinute: 100_000 },
    broker: mosquitto
      ? { url: mosquitto.url, ...mosquitto.hubCredentials }
      : { listen: { host: '127.0.0.1', port: brokerPort } },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    stores: ids.map((id) => ({ id, name: id, timeZone: 'UTC', currency: 'EUR' })),
    devices: ids.map((id) => ({ id: `${id}-agent`, store: id, secret: secrets.get(id) })),
    operators: [{ name: 'Chaos', role: 'ops', key: OPERATOR_KEY }],
    planning: { everyMinutes: 10_080 },
    log: { level: 'warn' },
  });
  writeHub(hubConfig, { dataFolder, port: hubApiPort });
  const furtherHubConfigs: string[] = [];
  for (let n = 2; n <= (options.hubs ?? 1); n += 1) {
    const config = join(folder, `hub-${n}.json`);
    writeHub(config, { dataFolder: join(folder, `hub-${n}`), port: await freePort() });
    furtherHubConfigs.push(config);
  }
  const { publicKeyPem } = loadHubKey(keyFile);
  const disk = options.hasSmallDisk ? smallDisk(join(folder, 'small-disk'), SMALL_DISK_MB) : undefined;
  const random = new Random(options.seed ^ 0x51f0);
  const stores: StoreProcess[] = [];
  for (const id of ids) {
    const link = new Link(brokerUrl, random);
    stores.push(
      new StoreProcess({
        id,
        folder: join(folder, id),
        ...(disk && id === ids.at(-1) ? { dataFolder: join(disk.path, 'data') } : {}),
        apiPort: await freePort(),
        secret: secrets.get(id) ?? '',
        link,
        hubUrl: await link.open(),
        publicKeyPem,
      }),
    );
  }
  return {
    options,
    folder,
    hubConfig,
    furtherHubConfigs,
    hubApiPort,
    databaseUrl,
    brokerUrl,
    stores,
    mosquitto,
    postgres,
    disk,
  };
}
