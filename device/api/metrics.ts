/** `/metrics` for Prometheus. Read at scrape time, so nothing is counted twice. */
import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { EventStream } from './event-stream.ts';
import type { AgentPort } from './ports.ts';

export function installMetrics(app: FastifyInstance, agent: AgentPort, events: EventStream): void {
  const registry = new Registry();
  registry.setDefaultLabels({ store: agent.store.id });
  collectDefaultMetrics({ register: registry });
  const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        registers: [],
        async collect() {
          this.set(await read());
        },
      }),
    );
  };
  gauge('truecount_ledger_entries', 'Observations in the journal', () => agent.ledger.head().seq);
  gauge('truecount_skus', 'SKUs with a belief', () => agent.belief().skus().length);
  gauge('truecount_hub_online', '1 while there is a route to the hub', () => Number(agent.sync().online));
  gauge('truecount_sync_waiting', 'Documents not yet accepted by the hub', () => agent.sync().waiting);
  gauge('truecount_sync_quarantined', 'Documents the hub refused', () => agent.sync().quarantined);
  gauge('truecount_screens', 'Screens that listen for changes', () => events.clients);
  gauge('truecount_open_exceptions', 'Exceptions that are open', async () =>
    agent.collections.exceptions.count({ selector: { state: 'open' } }).exec(),
  );
  gauge('truecount_learning_share', 'How much of the night’s learning is done; 0 by day', () => {
    return agent.learning().share ?? 0;
  });
  gauge('truecount_learning_finished_seconds', 'When learning last got to its end, Unix time', () => {
    const { last } = agent.learning();
    return last === undefined ? 0 : Date.parse(last.finishedAt) / 1000;
  });
  registry.registerMetric(
    new Gauge({
      name: 'truecount_learned_version',
      help: '1 for the version of the error rates in force',
      labelNames: ['version'],
      registers: [],
      collect() {
        this.reset();
        this.set({ version: agent.learning().model }, 1);
      },
    }),
  );
  const feedValue = (
    name: string,
    help: string,
    read: (feed: ReturnType<AgentPort['feeds']>[number]) => number,
  ) =>
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: ['feed'],
        registers: [],
        collect() {
          for (const feed of agent.feeds()) this.set({ feed: feed.name }, read(feed));
        },
      }),
    );
  feedValue('truecount_feed_up', '1 while the feed is heard', (feed) => Number(feed.state === 'up'));
  feedValue('truecount_feed_bytes', 'Bytes received', (feed) => feed.bytes);
  feedValue('truecount_feed_observations', 'Observations made of them', (feed) => feed.observations);
  feedValue('truecount_feed_errors', 'Input that made no sense', (feed) =>
    Object.values(feed.errors).reduce((sum, count) => sum + count, 0),
  );
  const seconds = new Histogram({
    name: 'truecount_http_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.2, 1, 5],
    registers: [registry],
  });
  app.addHook('onResponse', async (request, reply) => {
    const labels = {
      method: request.method,
      route: request.routeOptions.url ?? '',
      status: reply.statusCode,
    };
    seconds.observe(labels, reply.elapsedTime / 1000);
  });
  app.get('/metrics', async (_request, reply) =>
    reply.type(registry.contentType).send(await registry.metrics()),
  );
}
