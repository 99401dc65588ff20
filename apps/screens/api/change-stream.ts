/**
 * A server's stream of changes. The browser reconnects by itself; where it gives up (an answer that is not a stream) this
 * tries again after a pause that grows to half a minute. Events are hints and may be lost: whoever listens fetches everything
 * again when the stream is open anew.
 */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;

export interface ChangeListener {
  readonly onOpen: () => void;
  /** The browser has lost the stream; it is being opened again. */
  readonly onLost?: () => void;
  /** By kind of event, its data parsed as JSON; undefined where it is none. */
  readonly on: Readonly<Record<string, (data: unknown) => void>>;
}

export function followChangeStream(url: string, listener: ChangeListener, signal: AbortSignal): void {
  let pauseMs = FIRST_PAUSE_MS;
  const open = (): void => {
    if (signal.aborted) return;
    const source = new EventSource(url);
    const close = (): void => source.close();
    signal.addEventListener('abort', close, { once: true });
    source.addEventListener('open', () => {
      pauseMs = FIRST_PAUSE_MS;
      listener.onOpen();
    });
    for (const [kind, heard] of Object.entries(listener.on))
      source.addEventListener(kind, (event: MessageEvent<string>) => heard(parsed(event.data)));
    source.addEventListener('error', () => {
      listener.onLost?.();
      if (source.readyState !== EventSource.CLOSED) return;
      signal.removeEventListener('abort', close);
      setTimeout(open, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  };
  open();
}

function parsed(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch {
    return undefined;
  }
}
