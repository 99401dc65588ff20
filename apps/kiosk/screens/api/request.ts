/** One request to the agent: what comes back is checked, what fails says whether trying again makes sense. */
import type { Reader } from '@truecount/protocol';
import { Problem, readerFor } from '@truecount/protocol';

const readProblem = readerFor(Problem);
const TIMEOUT_MS = 10_000;

/** The agent answered no; `code` is stable for programs, the message is for people. */
export class Refused extends Error {
  readonly code: string;
  readonly status: number;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'Refused';
    this.code = code;
    this.status = status;
  }
}

/** No answer: the agent is starting, stopped, or took too long. Trying again with the same id is safe. */
export class Unreachable extends Error {
  readonly code = 'E_UNREACHABLE';
  constructor(path: string, cause: unknown) {
    super(`no answer from the store agent for ${path}; it restarts by itself`, { cause });
    this.name = 'Unreachable';
  }
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

async function send(path: string, asking: Asking): Promise<Response> {
  const deadline = AbortSignal.timeout(asking.timeoutMs ?? TIMEOUT_MS);
  const init: RequestInit = {
    method: asking.method ?? 'GET',
    signal: asking.signal ? AbortSignal.any([asking.signal, deadline]) : deadline,
    headers: { accept: 'application/json' },
  };
  if (asking.body !== undefined) {
    init.body = JSON.stringify(asking.body);
    init.headers = { accept: 'application/json', 'content-type': 'application/json' };
  }
  try {
    return await fetch(path, init);
  } catch (error) {
    if (asking.signal?.aborted) throw error;
    throw new Unreachable(path, error);
  }
}

async function refusal(path: string, response: Response): Promise<Error> {
  if (response.status === 502 || response.status === 503 || response.status === 504)
    return new Unreachable(path, response.status);
  const problem = readProblem(await response.json().catch(() => undefined));
  return problem.ok
    ? new Refused(response.status, problem.value.code, problem.value.detail)
    : new Refused(response.status, 'E_ANSWER', `${path} answered ${response.status} without a reason`);
}

export async function ask<T>(path: string, read: Reader<T>, asking: Asking = {}): Promise<T> {
  const response = await send(path, asking);
  if (!response.ok) throw await refusal(path, response);
  const parsed = read(await response.json());
  if (parsed.ok) return parsed.value;
  throw new Refused(response.status, 'E_ANSWER', `${path}: ${parsed.problem}`);
}

export async function tell(path: string, asking: Asking): Promise<void> {
  const response = await send(path, asking);
  if (!response.ok) throw await refusal(path, response);
}
