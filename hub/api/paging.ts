/**
 * Lists in parts. The body stays a plain list; where it goes on is said in the `Link` header (RFC 8288), so a client
 * that wants the first part needs to know nothing about pages.
 */
import { type Static, Type } from 'typebox';
import type { Page, PageRequest } from './hub-port.ts';
import { ProblemError } from './problem.ts';

const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 500;

export const PageQuery = Type.Object({
  cursor: Type.Optional(Type.String({ maxLength: 200 })),
  limit: Type.Optional(
    Type.String({
      pattern: '^[1-9]\\d{0,2}$',
      description: `default ${DEFAULT_LIMIT}, at most ${MAX_LIMIT}`,
    }),
  ),
});

export function pageRequest(query: unknown): PageRequest & { readonly limit: number } {
  const { cursor, limit } = query as Static<typeof PageQuery>;
  return {
    limit: Math.min(limit === undefined ? DEFAULT_LIMIT : Number(limit), MAX_LIMIT),
    ...(cursor === undefined ? {} : { cursor }),
  };
}

/** A part of a list that is read whole; the cursor is the key of the last item before it. */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, query: unknown): Page<T> {
  const { cursor, limit } = pageRequest(query);
  const after = cursor === undefined ? 0 : items.findIndex((item) => keyOf(item) === cursor) + 1;
  if (cursor !== undefined && after === 0)
    throw new ProblemError(400, 'E_CURSOR', 'this place in the list is gone; begin again without a cursor');
  const shown = items.slice(after, after + limit);
  const last = shown.at(-1);
  return {
    items: shown,
    ...(last !== undefined && after + limit < items.length ? { nextCursor: keyOf(last) } : {}),
  };
}

/** `</api/transfers?cursor=...>; rel="next"` for the address that was asked. */
export function nextLink(url: string, cursor: string): string {
  const [path = '/', search = ''] = url.split('?');
  const query = new URLSearchParams(search);
  query.set('cursor', cursor);
  return `<${path}?${query}>; rel="next"`;
}
