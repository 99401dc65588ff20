/** How the agent is doing. An outage is a normal state: it is told, and it is healthy. */
import { type HealthView, instant } from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import type { AgentPort } from '../ports.ts';

function healthView(agent: AgentPort): HealthView {
  const checks = [...agent.checks()];
  const head = agent.ledger.head();
  return {
    status: checks.every((check) => check.ok) ? 'ok' : 'degraded',
    store: { id: agent.store.id, name: agent.store.name },
    device: agent.ledger.identity.device,
    epoch: agent.ledger.identity.epoch,
    version: agent.version,
    now: instant(agent.clock.now()),
    sync: agent.sync(),
    feeds: [...agent.feeds()],
    ledger: { entries: head.seq, lastSeq: head.seq },
    learning: agent.learning(),
    checks,
  };
}

export function installHealthRoutes(app: FastifyInstance, context: ApiContext): void {
  app.get('/api/health', () => healthView(context.agent));
}
