/** Finds the operator of a request: an API key in the Authorization header, or the console's session cookie. */
import type { Role } from '@truecount/protocol';
import type { FastifyRequest } from 'fastify';
import type { Operator, Operators } from './operators.ts';
import { ProblemError } from './problem.ts';

export const SESSION_COOKIE = 'truecount_hub';
const BEARER = /^Bearer ([\x21-\x7e]{8,200})$/i;

export async function operatorOf(
  request: FastifyRequest,
  operators: Operators,
): Promise<Operator | undefined> {
  const bearer = BEARER.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return operators.byKey(bearer);
  const token = request.cookies[SESSION_COOKIE];
  if (token === undefined || token.length > 200) return undefined;
  refuseForeignOrigin(request);
  return operators.bySession(token);
}

/** A cookie is sent by the browser whoever asks; a change must come from the console's own pages. */
function refuseForeignOrigin(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return;
  const { origin, 'sec-fetch-site': site, host } = request.headers;
  const foreign =
    (origin !== undefined && URL.parse(origin)?.host !== host) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (foreign)
    throw new ProblemError(403, 'E_ORIGIN', 'only the pages of this hub may change anything with a session');
}

export async function requireRole(
  request: FastifyRequest,
  operators: Operators,
  roles: readonly Role[],
): Promise<Operator> {
  const operator = await operatorOf(request, operators);
  if (!operator)
    throw new ProblemError(
      401,
      'E_UNAUTHENTICATED',
      'send an API key as "Authorization: Bearer <key>", or sign in at the console',
    );
  if (!roles.includes(operator.role))
    throw new ProblemError(403, 'E_ROLE', `${operator.role} may not do this; it takes ${roles.join(' or ')}`);
  return operator;
}
