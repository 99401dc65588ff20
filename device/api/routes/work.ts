/** What an associate does: look, count, see, finish tasks, take back. */
import {
  CauseRequest,
  CountRequest,
  DismissRequest,
  PromiseRequest,
  SeenRequest,
  TaskDoneRequest,
  UndoRequest,
} from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import { causeQuestion, sayCause } from '../actions/causes.ts';
import { promise } from '../actions/promise.ts';
import { count, seen } from '../actions/count.ts';
import { dismissTask, taskDone } from '../actions/tasks.ts';
import { undo } from '../actions/undo.ts';
import { actorOf, type ApiContext } from '../context.ts';
import { nowView } from '../now-view.ts';
import { ProblemError } from '../problem.ts';
import { productView, searchProducts } from '../products.ts';
import { bodyParser, idIn } from '../typed-body.ts';

const parseCause = bodyParser(CauseRequest);
const parseCount = bodyParser(CountRequest);
const parseSeen = bodyParser(SeenRequest);
const parsePromise = bodyParser(PromiseRequest);
const parseDone = bodyParser(TaskDoneRequest);
const parseDismiss = bodyParser(DismissRequest);
const parseUndo = bodyParser(UndoRequest);
const MAX_QUERY = 200;

export function installWorkRoutes(app: FastifyInstance, context: ApiContext): void {
  const { agent, acts } = context;

  app.get('/api/now', () => nowView(agent));

  app.get('/api/products', (request) => {
    const { q } = request.query as { readonly q?: unknown };
    return searchProducts(agent, typeof q === 'string' ? q.slice(0, MAX_QUERY) : '');
  });

  app.get('/api/products/:sku', async (request) => {
    const sku = idIn(request.params, 'sku');
    const view = await productView(agent, sku);
    if (view === undefined)
      throw new ProblemError(404, 'E_UNKNOWN_PRODUCT', `this store has never heard of ${sku}; scan it again`);
    return view;
  });

  app.post('/api/counts', async (request, reply) => {
    const body = parseCount(request.body);
    const accepted = await count(agent, body, actorOf(context, request));
    acts.note(body.id, body.taskId);
    return reply.code(201).send(accepted);
  });

  app.post('/api/seen', async (request, reply) => {
    const body = parseSeen(request.body);
    const accepted = await seen(agent, body);
    acts.note(body.id);
    return reply.code(201).send(accepted);
  });

  app.post('/api/promises', async (request, reply) => {
    const body = parsePromise(request.body);
    return reply.code(201).send(await promise(agent, body, actorOf(context, request)));
  });

  app.post('/api/tasks/:id/done', async (request, reply) => {
    const taskId = idIn(request.params, 'id');
    const body = parseDone(request.body);
    const accepted = await taskDone(agent, taskId, body, actorOf(context, request));
    acts.note(body.id, taskId);
    return reply.code(201).send(accepted);
  });

  app.post('/api/tasks/:id/dismissed', async (request, reply) => {
    const taskId = idIn(request.params, 'id');
    const { reason } = parseDismiss(request.body);
    const accepted = await dismissTask(agent, taskId, reason, actorOf(context, request));
    acts.note(taskId);
    return reply.code(201).send(accepted);
  });

  app.get('/api/exceptions/:id/cause', (request) => causeQuestion(agent, idIn(request.params, 'id')));

  app.post('/api/exceptions/:id/cause', async (request, reply) => {
    const exceptionId = idIn(request.params, 'id');
    const accepted = await sayCause(agent, exceptionId, parseCause(request.body).cause);
    acts.note(exceptionId);
    return reply.code(201).send(accepted);
  });

  app.post('/api/undo', async (request, reply) => {
    const { id } = parseUndo(request.body);
    return reply.code(201).send(await undo(agent, id, acts.isRecent(id)));
  });
}
