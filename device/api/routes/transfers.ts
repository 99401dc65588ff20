/** Transfers: looking, a manager's decision, and the steps at this store. */
import { DecisionRequest, StepRequest } from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import { decide, step } from '../actions/transfers.ts';
import { actorOf, type ApiContext, managerOf } from '../context.ts';
import { transferView } from '../transfer-view.ts';
import { bodyParser, idIn } from '../typed-body.ts';

const parseDecision = bodyParser(DecisionRequest);
const parseStep = bodyParser(StepRequest);
const MAX_TRANSFERS = 200;

export function installTransferRoutes(app: FastifyInstance, context: ApiContext): void {
  const { agent } = context;

  app.get('/api/transfers', async () => {
    const newest = await agent.collections.transfers
      .find({ sort: [{ proposedAt: 'desc' }], limit: MAX_TRANSFERS })
      .exec();
    return newest.flatMap((transfer) => transferView(agent, transfer.toMutableJSON()) ?? []);
  });

  app.post('/api/transfers/:id/decision', async (request, reply) => {
    const session = managerOf(context, request);
    const body = parseDecision(request.body);
    return reply.code(201).send(await decide(agent, idIn(request.params, 'id'), body, session));
  });

  app.post('/api/transfers/:id/steps', async (request, reply) => {
    const body = parseStep(request.body);
    const by = actorOf(context, request);
    return reply.code(201).send(await step(agent, idIn(request.params, 'id'), body, by));
  });
}
