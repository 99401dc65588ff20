/** Signing in with a PIN and out again. */
import { PinRequest } from '@truecount/protocol';
import type { FastifyInstance } from 'fastify';
import { type ApiContext, sessionOf } from '../context.ts';
import { cookieOf, endedCookie, SESSION_COOKIE, sessionCookie } from '../cookies.ts';
import { ProblemError } from '../problem.ts';
import { bodyParser } from '../typed-body.ts';

const parsePin = bodyParser(PinRequest);

export function installSessionRoutes(app: FastifyInstance, context: ApiContext): void {
  const { sessions, events, agent } = context;

  app.get('/api/session', (request) => sessions.view(sessionOf(context, request)));

  app.post('/api/session', async (request, reply) => {
    const { pin } = parsePin(request.body);
    const closed = agent.closed();
    if (closed !== undefined) throw new ProblemError(403, 'E_NOT_LOCKED', closed);
    const result = await sessions.signIn(pin);
    events.notify(['session']);
    switch (result.type) {
      case 'signed-in':
        reply.header('set-cookie', sessionCookie(result.session.token));
        return sessions.view(result.session);
      case 'wrong':
        throw new ProblemError(401, 'E_WRONG_PIN', 'nobody here has this PIN; try again');
      case 'locked': {
        const until = new Date(result.untilMs).toISOString();
        const seconds = Math.max(1, Math.ceil((result.untilMs - Date.now()) / 1000));
        throw new ProblemError(429, 'E_PIN_LOCKED', `too many wrong PINs; closed until ${until}`, seconds);
      }
      default:
        return result satisfies never;
    }
  });

  app.delete('/api/session', async (request, reply) => {
    sessions.signOut(cookieOf(request.headers.cookie, SESSION_COOKIE));
    events.notify(['session']);
    return reply.header('set-cookie', endedCookie).code(204).send();
  });
}
