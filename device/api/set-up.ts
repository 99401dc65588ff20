/**
 * How a device comes to its store: the routes of the set-up screen, and a server with nothing else for a device that
 * belongs to no store yet.
 */
import { parserFor, SetUpRequest, type SetUpView } from '@truecount/protocol';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { installProblems, ProblemError } from './problem.ts';
import { installScreens } from './screens.ts';
import { installSecurity } from './security.ts';
import { shownUrl } from './shown-url.ts';

export interface SetUpPort {
  view(): SetUpView;
  /** Redeems a code. @throws errors with a `code` and words for whoever stands at the device */
  enrol(request: SetUpRequest): Promise<SetUpView>;
}

const parse = parserFor(SetUpRequest);

export function installSetUpRoutes(app: FastifyInstance, setUp: SetUpPort): void {
  app.get('/api/setup', () => setUp.view());
  app.post('/api/setup', async (request) => {
    const parsed = parse(request.body);
    if (!parsed.ok) throw new ProblemError(400, 'E_REQUEST', parsed.problem);
    try {
      return await setUp.enrol(parsed.value);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      throw new ProblemError(409, String(error.code), error.message);
    }
  });
}

export interface SetUpServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startSetUpApi(options: {
  readonly setUp: SetUpPort;
  readonly host: string;
  readonly port: number;
  readonly allowedHosts: readonly string[];
  readonly screensFolder?: string;
  readonly logger: FastifyBaseLogger;
}): Promise<SetUpServer> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 16 * 1024,
    forceCloseConnections: true,
  });
  app.removeContentTypeParser('text/plain');
  installProblems(app);
  installSecurity(app, [options.host, ...options.allowedHosts]);
  installSetUpRoutes(app, options.setUp);
  await installScreens(app, options.screensFolder);
  await app.listen({ host: options.host, port: options.port });
  return { url: shownUrl(app), close: () => app.close() };
}
