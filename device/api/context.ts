/** What every route is given. */
import { decidesInStore } from '@truecount/protocol';
import type { FastifyRequest } from 'fastify';
import { cookieOf, SESSION_COOKIE } from './cookies.ts';
import type { EventStream } from './event-stream.ts';
import type { AgentPort } from './ports.ts';
import { ProblemError } from './problem.ts';
import type { RecentActs } from './recent-acts.ts';
import type { Session, Sessions } from './sessions.ts';

export interface ApiContext {
  readonly agent: AgentPort;
  readonly sessions: Sessions;
  readonly events: EventStream;
  readonly acts: RecentActs;
}

export const sessionOf = (context: ApiContext, request: FastifyRequest): Session | undefined =>
  context.sessions.use(cookieOf(request.headers.cookie, SESSION_COOKIE));

/** Whoever is signed in, or the kiosk itself: associates work without a PIN. */
export const actorOf = (context: ApiContext, request: FastifyRequest): string =>
  sessionOf(context, request)?.grant.name ?? 'kiosk';

/** @throws ProblemError 401 without a session, 403 when the role may not decide */
export function managerOf(context: ApiContext, request: FastifyRequest): Session {
  const session = sessionOf(context, request);
  if (session === undefined)
    throw new ProblemError(401, 'E_PIN_NEEDED', 'a manager has to enter their PIN first');
  if (!decidesInStore(session.grant.role))
    throw new ProblemError(403, 'E_ROLE', `${session.grant.name} is no manager; ask one to enter their PIN`);
  return session;
}
