/** Asking for guidance: the answer comes as it is made, one JSON object a line; a closed connection cancels it. */
import { GuidanceQuestion, GuidanceVerdict } from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import { type ApiContext, sessionOf } from '../context.ts';
import { ProblemError } from '../problem.ts';
import { bodyParser, idIn } from '../typed-body.ts';

const parseQuestion = bodyParser(GuidanceQuestion);
const parseVerdict = bodyParser(GuidanceVerdict);

export function installGuidanceRoutes(app: FastifyInstance, context: ApiContext): void {
  const { agent } = context;

  app.post('/api/guidance', async (request, reply) => {
    const question = parseQuestion(request.body);
    const { guidance } = agent;
    if (guidance === undefined) throw new ProblemError(503, 'E_NO_GUIDANCE', 'guidance is switched off here');
    // Whoever has not signed in is an associate: the kiosk works without a PIN.
    const role = sessionOf(context, request)?.grant.role ?? 'associate';
    const gone = new AbortController();
    reply.hijack();
    const response = reply.raw;
    response.on('close', () => gone.abort());
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) response.setHeader(name, value);
    response.writeHead(200, { 'content-type': 'application/x-ndjson; charset=utf-8' });
    const line = (value: unknown): void => void response.write(`${JSON.stringify(value)}\n`);
    try {
      const advice = await guidance.ask(question, { role, signal: gone.signal, onEvent: line });
      if (advice !== undefined) line({ type: 'advice', advice });
    } catch (error) {
      // The head is sent; an answer without its last line is none.
      request.log.error({ err: error }, 'a question got no answer');
    }
    response.end();
  });

  app.post('/api/guidance/:id/verdict', (request, reply) => {
    const { right } = parseVerdict(request.body);
    const known = agent.guidance?.judge(idIn(request.params, 'id'), right) ?? false;
    if (!known) throw new ProblemError(404, 'E_NO_ANSWER', 'this answer is no longer kept');
    return reply.code(204).send();
  });
}
