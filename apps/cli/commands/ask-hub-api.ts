/** One call of a running hub's API with an operator's key. */
import { CommandError } from './command-error.ts';

/** A hub that does not answer at all is not waited for. */
const WITHIN_MS = 120_000;

export interface HubCall {
  readonly url: string;
  readonly key: string | undefined;
  readonly path: string;
  readonly body?: unknown;
}

/** @returns the answer as it came; the caller parses it */
export async function askHubApi({ url, key, path, body }: HubCall): Promise<unknown> {
  if (key === undefined) throw new CommandError('E_KEY_MISSING', 'a running hub asks for --key');
  const address = `${url.replace(/\/$/, '')}${path}`;
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  let response: Response;
  try {
    response = await fetch(address, {
      signal: AbortSignal.timeout(WITHIN_MS),
      ...(body === undefined
        ? { headers: { authorization: headers.authorization } }
        : { method: 'POST', headers, body: JSON.stringify(body) }),
    });
  } catch (error) {
    const reason =
      error instanceof Error ? (error.cause instanceof Error ? error.cause.message : error.message) : '';
    throw new CommandError(
      'E_HUB_UNREACHABLE',
      `${address} does not answer (${reason}); is the hub running, and its certificate known (NODE_EXTRA_CA_CERTS)?`,
    );
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const detail =
    typeof answer === 'object' && answer !== null && 'detail' in answer
      ? String(answer.detail)
      : response.statusText;
  throw new CommandError('E_HUB_REFUSED', `the hub answered ${response.status}: ${detail}`);
}
