/** What the screens hold of the agent's state, and how long they believe it. */
import { QueryClient, queryOptions } from '@tanstack/react-query';
import { agent } from './client.ts';
import { Refused } from '@truecount/screens/request';

/** The change stream is a hint and hints can be lost: everything on screen is fetched again this often. */
const REFRESH_MS = 30_000;

export const makeQueryClient = (): QueryClient =>
  new QueryClient({
    defaultOptions: {
      queries: {
        networkMode: 'always',
        staleTime: 5_000,
        refetchInterval: REFRESH_MS,
        refetchOnWindowFocus: true,
        retry: (failures, error) => !(error instanceof Refused) && failures < 3,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
      },
      // A repeated request carries the same id and counts once, so it is safe to send it again.
      mutations: {
        networkMode: 'always',
        retry: (failures, error) => !(error instanceof Refused) && failures < 5,
        retryDelay: (attempt) => Math.min(500 * 2 ** attempt, 8_000),
      },
    },
  });

export const nowQuery = queryOptions({ queryKey: ['now'], queryFn: ({ signal }) => agent.now(signal) });
export const transfersQuery = queryOptions({
  queryKey: ['transfers'],
  queryFn: ({ signal }) => agent.transfers(signal),
});
export const shelfQuery = queryOptions({ queryKey: ['shelf'], queryFn: ({ signal }) => agent.shelf(signal) });
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => agent.session(signal),
});
export const boardQuery = queryOptions({
  queryKey: ['board'],
  queryFn: ({ signal }) => agent.board(signal),
});
export const healthQuery = queryOptions({
  queryKey: ['health'],
  queryFn: ({ signal }) => agent.health(signal),
});
export const setUpQuery = queryOptions({
  queryKey: ['setup'],
  queryFn: ({ signal }) => agent.setUp(signal),
});
export const productQuery = (sku: string) =>
  queryOptions({ queryKey: ['product', sku], queryFn: ({ signal }) => agent.product(sku, signal) });
export const causeQuery = (exceptionId: string) =>
  queryOptions({
    queryKey: ['cause', exceptionId],
    queryFn: ({ signal }) => agent.cause(exceptionId, signal),
  });
export const productsQuery = (text: string) =>
  queryOptions({
    queryKey: ['products', text],
    queryFn: ({ signal }) => agent.find(text, signal),
    enabled: text !== '',
    placeholderData: (previous) => previous,
  });
