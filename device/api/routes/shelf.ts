/** The shelf cameras: what they see, their pictures, and people's verdicts. */
import { type Accepted, instant, ShelfVerdict } from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import { actorOf, type ApiContext } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { bodyParser, idIn } from '../typed-body.ts';

const parseVerdict = bodyParser(ShelfVerdict);

export function installShelfRoutes(app: FastifyInstance, context: ApiContext): void {
  const { agent, acts } = context;

  app.get('/api/shelf', () => agent.cameras().views());

  app.get('/api/shelf/:id/frame', async (request, reply) => {
    const { v } = request.query as { readonly v?: unknown };
    const jpeg = typeof v === 'string' ? agent.cameras().frame(idIn(request.params, 'id'), v) : undefined;
    if (jpeg === undefined)
      throw new ProblemError(404, 'E_NO_FRAME', 'this picture is no longer kept; load the screen again');
    return reply.type('image/jpeg').send(jpeg);
  });

  app.post('/api/shelf/:id/verdict', async (request, reply): Promise<Accepted> => {
    const body = parseVerdict(request.body);
    const by = actorOf(context, request);
    // A request that is sent again has been counted already.
    if (!acts.isRecent(body.id)) {
      const view = await agent.cameras().judge(idIn(request.params, 'id'), body, by);
      if (view === undefined)
        throw new ProblemError(409, 'E_FRAME_CHANGED', 'the camera has seen something new since; look again');
      acts.note(body.id);
    }
    reply.code(201);
    return { id: body.id, committedAt: instant(agent.clock.now()) };
  });
}
