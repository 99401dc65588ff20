/** Errors as RFC 9457 problem details, with a stable code for programs and a sentence for people. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Problem } from '@truecount/protocol';

export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;
  constructor(status: number, code: string, detail: string, retryAfterSeconds?: number) {
    super(detail);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

const TITLES: Readonly<Record<number, string>> = {
  400: 'The request is not understood',
  401: 'A PIN is needed',
  403: 'Not allowed',
  404: 'Not found',
  409: 'It no longer applies',
  413: 'The request is too large',
  415: 'The request is not JSON',
  422: 'It cannot be done',
  429: 'Too many attempts',
  503: 'Busy',
};

export function problemOf(status: number, code: string, detail: string): Problem {
  return { type: 'about:blank', title: TITLES[status] ?? 'Something failed here', status, detail, code };
}

function send(reply: FastifyReply, problem: Problem): FastifyReply {
  return reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}

export function installProblems(app: FastifyInstance): void {
  app.setErrorHandler((error: unknown, request, reply) => {
    if (error instanceof ProblemError) {
      if (error.retryAfterSeconds !== undefined) reply.header('retry-after', error.retryAfterSeconds);
      return send(reply, problemOf(error.status, error.code, error.message));
    }
    const { statusCode, validation, code, message } = error as {
      readonly statusCode?: number;
      readonly validation?: unknown;
      readonly code?: string;
      readonly message?: string;
    };
    if (validation !== undefined)
      return send(reply, problemOf(400, 'E_REQUEST', message ?? 'invalid request'));
    if (statusCode !== undefined && statusCode < 500)
      return send(reply, problemOf(statusCode, code ?? 'E_REQUEST', message ?? 'invalid request'));
    if (code === 'E_LEDGER_BUSY' || code === 'E_LEDGER_WRITE' || code === 'E_LEDGER_CLOSED')
      return send(reply, problemOf(503, code, message ?? 'the journal is busy'));
    request.log.error({ err: error }, 'request failed');
    const detail = 'The agent could not do this; its log says why. Try again, then tell IT.';
    return send(reply, problemOf(500, code ?? 'E_INTERNAL', detail));
  });
}
