/**
 * What keeps other pages and other machines away: strict response headers, one accepted host, and writes only
 * from the screens' own origin (the agent listens on loopback, where any web page could otherwise reach it).
 */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from './problem.ts';

const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CSP,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), payment=(), usb=()',
};

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

const hostName = (host: string): string => host.replace(/:\d+$/, '').toLowerCase();

/** @param allowedHosts names besides loopback under which the screens may reach this agent */
export function installSecurity(app: FastifyInstance, allowedHosts: readonly string[]): void {
  const allowed = new Set([...LOOPBACK, ...allowedHosts.map((host) => host.toLowerCase())]);
  app.addHook('onRequest', async (request, reply) => {
    reply.headers(HEADERS);
    if (request.url.startsWith('/api')) reply.header('cache-control', 'no-store');
    const host = request.headers.host ?? '';
    // A foreign name that resolves to loopback is the DNS rebinding attack.
    if (!allowed.has(hostName(host)))
      throw new ProblemError(403, 'E_HOST', `this agent does not answer as "${host}"; open it as 127.0.0.1`);
    if (!SAFE_METHODS.has(request.method)) refuseForeignOrigin(request, host);
  });
}

function refuseForeignOrigin(request: FastifyRequest, host: string): void {
  const { origin, 'sec-fetch-site': site } = request.headers;
  const foreign =
    (origin !== undefined && origin !== `${request.protocol}://${host}`) ||
    (site !== undefined && site !== 'same-origin' && site !== 'none');
  if (foreign)
    throw new ProblemError(403, 'E_ORIGIN', 'only the screens of this agent may change anything here');
}
