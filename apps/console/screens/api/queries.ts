/** What the console holds of the hub's state, and how long it believes it. */
import { infiniteQueryOptions, QueryCache, QueryClient, queryOptions } from '@tanstack/react-query';
import { type CaseFilter, hub } from './client.ts';
import { Refused } from '@truecount/screens/request';

const REFRESH_MS = 60_000;

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => hub.session(signal),
  // It also carries the hub's clock.
  refetchInterval: 15_000,
});

export function makeQueryClient(): QueryClient {
  const client = new QueryClient({
    queryCache: new QueryCache({
      // A session that ended elsewhere leads back to the sign-in.
      onError: (error) => {
        if (error instanceof Refused && error.status === 401)
          client.setQueryData(sessionQuery.queryKey, { signedIn: false });
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        refetchInterval: REFRESH_MS,
        retry: (failures, error) => !(error instanceof Refused) && failures < 3,
      },
      mutations: { retry: (failures, error) => !(error instanceof Refused) && failures < 3 },
    },
  });
  return client;
}

export const storesQuery = queryOptions({
  queryKey: ['stores'],
  queryFn: ({ signal }) => hub.stores(signal),
});
export const casesQuery = (filter: CaseFilter) =>
  queryOptions({
    queryKey: ['cases', filter],
    queryFn: ({ signal }) => hub.cases(filter, signal),
    placeholderData: (previous) => previous,
  });
export const caseQuery = (id: string) =>
  queryOptions({ queryKey: ['case', id], queryFn: ({ signal }) => hub.case(id, signal) });
export const transfersQuery = queryOptions({
  queryKey: ['transfers'],
  queryFn: ({ signal }) => hub.transfers(signal),
});
export const planQuery = queryOptions({ queryKey: ['plan'], queryFn: ({ signal }) => hub.plan(signal) });
export const policiesQuery = queryOptions({
  queryKey: ['policies'],
  queryFn: ({ signal }) => hub.policies(signal),
});
export const metricsQuery = (days: number) =>
  queryOptions({
    queryKey: ['metrics', days],
    queryFn: ({ signal }) => hub.metrics(days, signal),
    placeholderData: (previous) => previous,
  });
export const automationQuery = queryOptions({
  queryKey: ['automation'],
  queryFn: ({ signal }) => hub.automation(signal),
});
export const changesQuery = (from: string, to: string) =>
  queryOptions({
    queryKey: ['policies', 'changes', from, to],
    queryFn: ({ signal }) => hub.policyChanges(from, to, signal),
  });
export const devicesQuery = queryOptions({
  queryKey: ['devices'],
  queryFn: ({ signal }) => hub.devices(signal),
});
export const codesQuery = queryOptions({
  queryKey: ['codes'],
  queryFn: ({ signal }) => hub.codes(signal),
});
export const quarantineQuery = queryOptions({
  queryKey: ['quarantine'],
  queryFn: ({ signal }) => hub.quarantine(signal),
});
export const auditQuery = infiniteQueryOptions({
  queryKey: ['audit'],
  queryFn: ({ pageParam, signal }) => hub.audit(pageParam, signal),
  initialPageParam: '',
  getNextPageParam: (page) => page.nextCursor,
});
