/** Errors as RFC 9457 problem details, with a stable code for programs and a sentence for people. */
import type { Problem } from '@truecount/protocol';
import type { FastifyInstance, FastifyReply } from 'fastify';

export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, detail: string) {
    super(detail);
    this.status = status;
    this.code = code;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not understood',
  401: 'A key is needed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It no longer applies',
  413: 'The request is too large',
  415: 'The request is not JSON',
  429: 'Too many requests',
  503: 'Busy',
};

export function problemOf(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Something failed here', status, detail, code };
}

const send = (reply: FastifyReply, problem: Problem): FastifyReply =>
  reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof ProblemError) return send(reply, problemOf(error.status, error.code, error.message));
    const { statusCode, code, message } = error as {
      readonly statusCode?: number;
      readonly code?: string;
      readonly message?: string;
    };
    if (statusCode !== undefined && statusCode < 500)
      return send(reply, problemOf(statusCode, code ?? 'E_REQUEST', message ?? 'the request is not valid'));
    request.log.error({ err: error }, 'request failed');
    const detail = 'The hub could not do this; its log says why. Try again, then tell whoever runs it.';
    return send(reply, problemOf(500, 'E_INTERNAL', detail));
  });
}
