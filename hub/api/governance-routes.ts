/** Routes about what the hub may do and how well it does it: policies, automation, metrics. */
import {
  AutomationView,
  MetricsView,
  metricNames,
  metrics,
  PolicyBundle,
  PolicyChange,
  PolicyDocument,
  PolicyInheritRequest,
  PolicyPublishRequest,
  PolicyTrial,
  PolicyTrialRequest,
} from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { PageQuery, pageOf } from './paging.ts';
import { ProblemError } from './problem.ts';
import { DECIDERS, READERS, type Route } from './route.ts';

const DEFAULT_DAYS = 90;
const MetricQuery = Type.Object({
  days: Type.Optional(
    Type.String({
      pattern: '^[1-9]\\d{0,3}$',
      description: `days back from the hub's time; default ${DEFAULT_DAYS}`,
    }),
  ),
});
const daysOf = (query: unknown): number => Number((query as Static<typeof MetricQuery>).days ?? DEFAULT_DAYS);

const DiffQuery = Type.Object({
  from: Type.String({ minLength: 1, maxLength: 128 }),
  to: Type.String({ minLength: 1, maxLength: 128 }),
});

export const governanceRoutes: readonly Route[] = [
  {
    method: 'GET',
    url: '/policies',
    summary: 'Every published policy bundle with its hash and signature',
    roles: READERS,
    query: PageQuery,
    answers: Type.Array(PolicyDocument),
    handle: async (hub, { query }) => pageOf(await hub.policies(), ({ id }) => id, query),
    isList: true,
  },
  {
    method: 'POST',
    url: '/policies',
    summary: 'Sign and publish a bundle; it comes into force at its effectiveFrom',
    roles: DECIDERS,
    body: PolicyPublishRequest,
    answers: PolicyDocument,
    handle: async (hub, { body, operator }) =>
      orRefused(await hub.publishPolicy(body as PolicyPublishRequest, operator), 'E_POLICY'),
  },
  {
    method: 'POST',
    url: '/policies/inherit',
    summary: 'A draft for one store: the chain’s newest bundle with what the store does differently',
    roles: READERS,
    body: PolicyInheritRequest,
    answers: PolicyBundle,
    handle: async (hub, { body }) =>
      orRefused(await hub.inheritPolicy(body as PolicyInheritRequest), 'E_POLICY'),
  },
  {
    method: 'GET',
    url: '/policies/diff',
    summary: 'The settings in which two published bundles differ',
    roles: READERS,
    query: DiffQuery,
    answers: Type.Array(PolicyChange),
    handle: async (hub, { query }) => {
      const { from, to } = query as Static<typeof DiffQuery>;
      const changes = await hub.policyChanges(from, to);
      if (!changes)
        throw new ProblemError(404, 'E_NO_SUCH_POLICY', 'one of these bundles was never published');
      return changes;
    },
  },
  {
    method: 'POST',
    url: '/policies/trial',
    summary: 'What a policy would have decided about past cases; changes nothing',
    roles: READERS,
    body: PolicyTrialRequest,
    answers: PolicyTrial,
    handle: (hub, { body }) => hub.tryPolicy(body as PolicyTrialRequest),
  },
  {
    method: 'GET',
    url: '/automation',
    summary: 'What may be done without people, where and why; open breakers and drift',
    roles: READERS,
    answers: AutomationView,
    handle: (hub) => hub.automation(),
  },
  {
    method: 'GET',
    url: '/metrics',
    summary: 'Everything the hub measures about itself, computed from its log',
    roles: READERS,
    query: MetricQuery,
    answers: MetricsView,
    handle: (hub, { query }) => hub.allMetrics(daysOf(query)),
  },
  ...metricNames.map(
    (name): Route => ({
      method: 'GET',
      url: `/metrics/${name}`,
      summary: `The metric "${name}"`,
      roles: READERS,
      query: MetricQuery,
      answers: metrics[name],
      handle: (hub, { query }) => hub.metric(name, daysOf(query)),
    }),
  ),
];

function orRefused<T extends object>(answer: T | { readonly problem: string }, code: string): T {
  if ('problem' in answer) throw new ProblemError(409, code, answer.problem);
  return answer;
}
