/** One request to hub or agent: what comes back is checked, what fails says whether trying again makes sense. */
import type { Reader } from '@truecount/protocol';
import { Problem, readerFor } from '@truecount/protocol';

const readProblem = readerFor(Problem);
const TIMEOUT_MS = 10_000;

/** It was answered with no; `code` is stable for programs, the message is for people. */
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

/** No answer: the server is starting, stopped, or took too long. Trying again with the same id is safe. */
export class Unreachable extends Error {
  readonly code = 'E_UNREACHABLE';
  constructor(path: string, cause: unknown) {
    super(`no answer for ${path}; try again`, { cause });
    this.name = 'Unreachable';
  }
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
  /** For calls that compute before they answer. */
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

/** Reads a list whose every item `read` can read; a problem names the item. */
export function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (input) => {
    if (!Array.isArray(input)) return { ok: false, problem: 'must be a list' };
    const values: T[] = [];
    for (const [index, item] of input.entries()) {
      const parsed = read(item);
      if (!parsed.ok) return { ok: false, problem: `${index}.${parsed.problem}` };
      values.push(parsed.value);
    }
    return { ok: true, value: values };
  };
}

/** A list that may go on: its parts are fetched one after the other, up to a bound. */
export async function askAll<T>(
  path: string,
  read: Reader<readonly T[]>,
  { signal, mostParts }: { readonly signal: AbortSignal; readonly mostParts: number },
): Promise<readonly T[]> {
  const items: T[] = [];
  let next: string | undefined = path;
  for (let part = 0; part < mostParts && next !== undefined; part += 1) {
    const response: Response = await send(next, { signal });
    if (!response.ok) throw await refusal(path, response);
    const parsed = read(await response.json());
    if (!parsed.ok) throw new Refused(response.status, 'E_ANSWER', `${path}: ${parsed.problem}`);
    items.push(...parsed.value);
    next = /<([^>]+)>;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1];
  }
  return items;
}

export async function tell(path: string, asking: Asking): Promise<void> {
  const response = await send(path, asking);
  if (!response.ok) throw await refusal(path, response);
}
