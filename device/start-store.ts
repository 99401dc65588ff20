/**
 * Starts whatever this data folder is ready for: the agent of its store, or, where nothing has enrolled yet, the set-up
 * screen, and the agent right after somebody typed a code there.
 */
import type { SetUpView } from '@truecount/protocol';
import { pino } from 'pino';
import { pinned } from './agent/enrol-again.ts';
import { startSetUpApi } from './api/index.ts';
import { AgentConfigError, readStart, type SetUpConfig, type StartOptions } from './config.ts';
import { enrol } from './enrolment/index.ts';
import { lockDataFolder } from './ledger/index.ts';
import { type AgentDependencies, type RunningAgent, startAgent } from './main.ts';

/** Resolves when screens are answered: those of the store, or the set-up screen. */
export async function startStore(options: StartOptions, deps: AgentDependencies = {}): Promise<RunningAgent> {
  const start = readStart(options);
  if (start.kind === 'agent') return startAgent(start.config, deps);
  return setUp(start.config, options, deps);
}

async function setUp(
  config: SetUpConfig,
  options: StartOptions,
  deps: AgentDependencies,
): Promise<RunningAgent> {
  const { dataFolder, enrolAt } = config;
  const lock = lockDataFolder(dataFolder);
  const logger = pino({ level: config.log.level }, deps.log ?? pino.destination(2));
  let running: RunningAgent | undefined;
  let changing = Promise.resolve();
  let view: SetUpView = { state: 'needed', ...(enrolAt === undefined ? {} : { hub: enrolAt.hub }) };
  const server = await startSetUpApi({
    setUp: {
      view: () => view,
      enrol: async ({ hub, code, fingerprint }) => {
        const { result } = await enrol({
          dataFolder,
          code,
          hub: enrolAt?.hub ?? hub,
          ...pinned(enrolAt?.caFile),
          ...(fingerprint === undefined || fingerprint === '' ? {} : { fingerprint }),
        });
        const { id, name } = result.store;
        view = { state: 'done', store: { id, name }, device: result.device };
        // After the answer has left.
        setImmediate(() => {
          changing = handOver().catch((error: unknown) =>
            logger.error({ err: error }, 'the agent did not start'),
          );
        });
        return view;
      },
    },
    ...config.api,
    logger,
    ...(config.screensFolder === undefined ? {} : { screensFolder: config.screensFolder }),
  }).catch((error: unknown) => {
    lock[Symbol.dispose]();
    throw error;
  });
  const closeSetUp = async (): Promise<void> => {
    await server.close();
    lock[Symbol.dispose]();
  };
  /** The agent answers at the address that the screens have open. */
  const handOver = async (): Promise<void> => {
    await closeSetUp();
    const start = readStart(options);
    if (start.kind !== 'agent') throw new AgentConfigError(`${dataFolder} has enrolled, but names no store`);
    const port = Number(new URL(server.url).port);
    running = await startAgent({ ...start.config, api: { ...start.config.api, port } }, deps);
  };
  deps.say?.({
    event: 'ready',
    url: server.url,
    text: `this device belongs to no store yet: set it up at ${server.url}`,
  });
  return {
    url: server.url,
    close: async () => {
      await changing;
      await (running ? running.close() : closeSetUp());
    },
  };
}
