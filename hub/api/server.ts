/** The hub's HTTP server: the API of protocol/hub-api.ts, its OpenAPI document, live updates, metrics, the console. */
import type { AddressInfo } from 'node:net';
import cookie from '@fastify/cookie';
import helmet from '@fastify/helmet';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import { HubSessionView, parserFor } from '@truecount/protocol';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { type TSchema, Type } from 'typebox';
import { operatorOf, requireRole, SESSION_COOKIE } from './authentication.ts';
import { installConsole } from './console-pages.ts';
import { type ChangeTopic, EventStream } from './event-stream.ts';
import type { HubPort, Page } from './hub-port.ts';
import { type Operator, type Operators, SESSION_SECONDS } from './operators.ts';
import { installProblems, ProblemError } from './problem.ts';
import { nextLink } from './paging.ts';
import type { Call, Route } from './route.ts';
import { routes } from './routes.ts';

export interface ApiOptions {
  readonly hub: HubPort;
  readonly operators: Operators;
  readonly host: string;
  /** 0 for a free one. */
  readonly port: number;
  readonly consoleFolder?: string | undefined;
  readonly version: string;
  readonly logger: FastifyBaseLogger;
  /** Requests per minute and client; default 600. */
  readonly requestsPerMinute?: number | undefined;
  /** Certificate and key, PEM: the API then answers by HTTPS only. */
  readonly tls?: { readonly cert: string; readonly key: string };
}

export interface ApiServer {
  readonly url: string;
  notify(topics: readonly ChangeTopic[]): void;
  close(): Promise<void>;
}

const BODY_LIMIT_BYTES = 256 * 1024;
const REQUEST_TIMEOUT_MS = 60_000;
/** Clients whose rate is remembered; the oldest is forgotten beyond it. */
const RATE_CLIENTS = 10_000;
const SIGN_INS_PER_MINUTE = 10;

export async function startApi(options: ApiOptions): Promise<ApiServer> {
  const app = Fastify({
    loggerInstance: options.logger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 200 },
    // Without one this is null, which Fastify takes for plain HTTP.
    https: options.tls ? { cert: options.tls.cert, key: options.tls.key, minVersion: 'TLSv1.2' } : null,
  }) as unknown as FastifyInstance;
  // One validator in the whole product: the schemas' own compiler. What comes in is checked, unknown fields are kept.
  app.setValidatorCompiler<TSchema>(({ schema, httpPart }) => {
    const parse = parserFor(schema);
    return (value: unknown) => {
      const parsed = parse(value);
      if (parsed.ok) return { value: parsed.value };
      return {
        error: new ProblemError(400, 'E_REQUEST', `the request's ${httpPart ?? 'input'}: ${parsed.problem}`),
      };
    };
  });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  installProblems(app);
  await app.register(cookie);
  await installHeaders(app);
  await app.register(rateLimit, {
    max: options.requestsPerMinute ?? 600,
    timeWindow: '1 minute',
    cache: RATE_CLIENTS,
    errorResponseBuilder: (_request, { after }) =>
      new ProblemError(429, 'E_TOO_MANY_REQUESTS', `too many requests; try again in ${after}`),
  });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Truecount hub', version: options.version },
      components: {
        securitySchemes: {
          key: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
        },
      },
      security: [{ key: [] }, { session: [] }],
    },
  });
  const events = new EventStream();
  await app.register((scope, _options, done) => {
    installRoutes(scope, options);
    installSession(scope, options.operators, options.hub);
    installLive(scope, events, options.operators);
    done();
  });
  installMetrics(app, options);
  await installConsole(app, options.consoleFolder);
  await app.listen({ host: options.host, port: options.port });
  const { address, port, family } = app.server.address() as AddressInfo;
  const shown =
    address === '0.0.0.0' || address === '::' ? '127.0.0.1' : family === 'IPv6' ? `[${address}]` : address;
  return {
    url: `${options.tls ? 'https' : 'http'}://${shown}:${port}`,
    notify: (topics) => events.notify(topics),
    close: async () => {
      events.close();
      await app.close();
    },
  };
}

async function installHeaders(app: FastifyInstance): Promise<void> {
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    // Whoever ends TLS in front of the hub decides about it for the whole domain.
    strictTransportSecurity: false,
    referrerPolicy: { policy: 'no-referrer' },
  });
  app.addHook('onRequest', async (request, reply) => {
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store');
  });
}

/** Who asks where anyone may. */
const NOBODY: Operator = { name: 'nobody', role: 'associate' };

/** For the OpenAPI document only; plain JSON, without the schema library's own marks. */
const published = (schema: TSchema): object => JSON.parse(JSON.stringify(schema)) as object;

const Problem = {
  type: 'object',
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
  },
} as const;
const problemAnswer = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: Problem } },
});

function installRoutes(app: FastifyInstance, { hub, operators }: ApiOptions): void {
  app.decorateRequest('operator');
  for (const route of routes)
    app.route({
      method: route.method,
      url: `/api${route.url}`,
      schema: {
        summary: route.summary,
        ...(route.roles === 'anyone' ? { security: [] } : {}),
        ...(route.query ? { querystring: published(route.query) } : {}),
        ...(route.body ? { body: published(route.body) } : {}),
        ...(route.url.includes(':id')
          ? { params: published(Type.Object({ id: Type.String({ minLength: 1, maxLength: 128 }) })) }
          : {}),
        response: {
          200: {
            description: 'The answer',
            ...listHeaders(route),
            content: { 'application/json': { schema: published(route.answers) } },
          },
          '4xx': problemAnswer('Refused; `code` is stable, `detail` says what to do'),
          '5xx': problemAnswer('The hub could not do it'),
        },
      },
      ...(route.perMinute === undefined
        ? {}
        : { config: { rateLimit: { max: route.perMinute, timeWindow: '1 minute' } } }),
      // Before the body is even read: who is not known learns nothing about shapes.
      onRequest: async (request) => {
        const { roles } = route;
        const operator = roles === 'anyone' ? NOBODY : await requireRole(request, operators, roles);
        request.setDecorator('operator', operator);
      },
      handler: async (request, reply) => {
        const answer = await route.handle(hub, {
          params: request.params as Call['params'],
          query: request.query,
          body: request.body,
          operator: request.getDecorator('operator'),
          host: request.hostname,
        });
        if (route.isList !== true) return answer;
        const { items, nextCursor } = answer as Page<unknown>;
        if (nextCursor !== undefined) reply.header('link', nextLink(request.url, nextCursor));
        return items;
      },
    });
}

/** A list says where it goes on. */
const listHeaders = (route: Route) =>
  route.isList === true
    ? { headers: { link: { description: 'rel="next" where the list goes on', schema: { type: 'string' } } } }
    : {};

const SignIn = Type.Object({ key: Type.String({ minLength: 8, maxLength: 200 }) });

function installSession(app: FastifyInstance, operators: Operators, hub: HubPort): void {
  const signedIn = (operator: Operator) => ({ signedIn: true, now: hub.now(), ...operator });
  const answer = {
    200: {
      description: 'Who is signed in',
      content: { 'application/json': { schema: published(HubSessionView) } },
    },
  };
  app.get(
    '/api/session',
    { schema: { summary: 'Who is signed in', security: [], response: answer } },
    async (request) => {
      const operator = await operatorOf(request, operators);
      return operator ? signedIn(operator) : { signedIn: false, now: hub.now() };
    },
  );
  app.post(
    '/api/session',
    {
      schema: {
        summary: 'Sign in with a key; sets an HttpOnly cookie',
        security: [],
        body: published(SignIn),
        response: answer,
      },
      config: { rateLimit: { max: SIGN_INS_PER_MINUTE, timeWindow: '1 minute' } },
    },
    async (request, reply) => {
      const session = await operators.openSession((request.body as { readonly key: string }).key);
      if (!session)
        throw new ProblemError(401, 'E_WRONG_KEY', 'nobody has this key; check that it was copied whole');
      reply.setCookie(SESSION_COOKIE, session.token, {
        httpOnly: true,
        sameSite: 'strict',
        path: '/',
        secure: request.protocol === 'https',
        maxAge: SESSION_SECONDS,
      });
      return signedIn(session.operator);
    },
  );
  app.delete(
    '/api/session',
    { schema: { summary: 'Sign out', response: answer } },
    async (request, reply) => {
      const token = request.cookies[SESSION_COOKIE];
      if (token !== undefined && (await operatorOf(request, operators))) await operators.closeSession(token);
      reply.clearCookie(SESSION_COOKIE, { path: '/' });
      return { signedIn: false };
    },
  );
}

function installLive(app: FastifyInstance, events: EventStream, operators: Operators): void {
  app.get(
    '/api/events',
    {
      schema: {
        summary: 'Server-sent events: what to load again',
        response: {
          200: {
            description: 'A stream of HubChangeEvent',
            content: { 'text/event-stream': { schema: { type: 'string' } } },
          },
        },
      },
    },
    async (request, reply) => {
      await requireRole(request, operators, ['ops', 'admin', 'auditor']);
      events.attach(request, reply);
      return reply;
    },
  );
  app.get('/api/openapi.json', { schema: { hide: true } }, async () => app.swagger());
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1']);

/** On this machine without a key, as collectors beside the hub expect; from elsewhere with one. */
function installMetrics(app: FastifyInstance, { hub, operators }: ApiOptions): void {
  app.get('/metrics', { schema: { hide: true } }, async (request, reply) => {
    if (!LOOPBACK.has(request.ip)) await requireRole(request, operators, ['ops', 'admin', 'auditor']);
    return reply
      .type('text/plain; version=0.0.4')
      .serializer((text) => String(text))
      .send(await hub.metrics());
  });
}
