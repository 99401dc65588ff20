/** The agent's HTTP server: the routes of protocol/device-api.ts, the screens, and metrics. */
import { type ScanPush, systemClock } from '@truecount/protocol';
import Fastify, { type FastifyBaseLogger, LogController } from 'fastify';
import type { ApiContext } from './context.ts';
import { type ChangeTopic, EventStream } from './event-stream.ts';
import { installMetrics } from './metrics.ts';
import type { AgentPort } from './ports.ts';
import { installProblems } from './problem.ts';
import { RecentActs } from './recent-acts.ts';
import { installBoardRoutes } from './routes/board.ts';
import { installGuidanceRoutes } from './routes/guidance.ts';
import { installHealthRoutes } from './routes/health.ts';
import { installShelfRoutes } from './routes/shelf.ts';
import { installSessionRoutes } from './routes/session.ts';
import { installTransferRoutes } from './routes/transfers.ts';
import { installWorkRoutes } from './routes/work.ts';
import { installScreens } from './screens.ts';
import { installSecurity } from './security.ts';
import { Sessions } from './sessions.ts';
import { installSetUpRoutes, type SetUpPort } from './set-up.ts';
import { shownUrl } from './shown-url.ts';

export interface ApiOptions {
  readonly agent: AgentPort;
  /** Enrols this device again, for example after its access was withdrawn. */
  readonly setUp?: SetUpPort;
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly screensFolder?: string;
  readonly logger: FastifyBaseLogger;
}

export interface ApiServer {
  readonly url: string;
  notify(topics: readonly ChangeTopic[]): void;
  /** Something was scanned at a serial scanner: the screen that is open decides what it means. */
  tellScan(scan: ScanPush): void;
  close(): Promise<void>;
}

/** A list of 200 ids fits many times over; nothing that is sent here is larger. */
const BODY_LIMIT_BYTES = 64 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;

export async function startApi(options: ApiOptions): Promise<ApiServer> {
  const app = Fastify({
    loggerInstance: options.logger,
    // Addresses hold SKUs and ids; errors are logged where they happen.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
  });
  const events = new EventStream();
  const context: ApiContext = {
    agent: options.agent,
    // People's time, whatever clock a demo shows.
    sessions: new Sessions(systemClock, () => options.agent.staff()),
    acts: new RecentActs(() => systemClock.now()),
    events,
  };
  // Forms of other sites can send plain text without asking; nothing here is plain text.
  app.removeContentTypeParser('text/plain');
  installProblems(app);
  installSecurity(app, [options.host, ...options.allowedHosts]);
  installMetrics(app, options.agent, events);
  installWorkRoutes(app, context);
  installTransferRoutes(app, context);
  installSessionRoutes(app, context);
  installBoardRoutes(app, context);
  installHealthRoutes(app, context);
  installGuidanceRoutes(app, context);
  installShelfRoutes(app, context);
  if (options.setUp) installSetUpRoutes(app, options.setUp);
  events.install(app);
  await installScreens(app, options.screensFolder);
  await app.listen({ host: options.host, port: options.port });
  return {
    url: shownUrl(app),
    notify: (topics) => events.notify(topics),
    tellScan: (scan) => events.scan(scan),
    close: async () => {
      events.close();
      await app.close();
    },
  };
}
