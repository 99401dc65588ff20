/**
 * A typed client of the hub's HTTP API, for integrators and for our own tools: every path, parameter, body and answer
 * is checked by the compiler against the hub's own OpenAPI document.
 */
import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './schema.ts';

export type HubClient = Client<paths>;
export type { paths } from './schema.ts';

/** @param hub its address and an operator's API key */
export function createHubClient(hub: {
  readonly url: string;
  readonly key: string;
  readonly fetch?: (request: Request) => Promise<Response>;
}): HubClient {
  return createClient<paths>({
    baseUrl: hub.url,
    headers: { authorization: `Bearer ${hub.key}` },
    ...(hub.fetch ? { fetch: hub.fetch } : {}),
  });
}

/** Where a list goes on, from its `Link` header (RFC 8288); undefined at its end. */
export function nextCursor(response: Response): string | undefined {
  const next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  return next === undefined
    ? undefined
    : (new URL(next, response.url).searchParams.get('cursor') ?? undefined);
}
