/** What the shell was asked to do, from its command line. Pure. */
import { parseArgs } from 'node:util';

export interface ShellOptions {
  /** Screens of an agent that already runs; loopback or the store's own agent. */
  readonly url?: string;
  /** Config of an agent that this shell starts and supervises. */
  readonly agentConfig?: string;
  readonly isFullScreen: boolean;
}

export type ShellOptionsResult =
  | { readonly ok: true; readonly options: ShellOptions }
  | { readonly ok: false; readonly problem: string };

export function readShellOptions(argv: readonly string[]): ShellOptionsResult {
  let values: { url?: string | undefined; agent?: string | undefined; window?: boolean | undefined };
  try {
    ({ values } = parseArgs({
      args: [...argv],
      options: { url: { type: 'string' }, agent: { type: 'string' }, window: { type: 'boolean' } },
      // Chromium's own switches pass through the same command line.
      strict: false,
    }) as { values: typeof values });
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
  if (Boolean(values.url) === Boolean(values.agent))
    return {
      ok: false,
      problem:
        'name either --url http://127.0.0.1:PORT (a running agent) or --agent config.json (start one here)',
    };
  if (values.url && !isAgentUrl(values.url))
    return { ok: false, problem: `--url ${values.url} is no http(s) address of an agent` };
  return {
    ok: true,
    options: {
      ...(values.url ? { url: values.url } : {}),
      ...(values.agent ? { agentConfig: values.agent } : {}),
      isFullScreen: !values.window,
    },
  };
}

/** Plain HTTP only where the bytes do not leave the machine. */
function isAgentUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname } = new URL(text);
  if (protocol === 'https:') return true;
  return protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
}
