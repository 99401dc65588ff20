/** The wire between a demo till and the agent's serial port: a real pseudo-terminal. */
import { openPseudoTerminal, PseudoTerminalUnavailable } from '@truecount/device/feeds/pseudo-terminal';
import type { TillLine } from './player.ts';

export interface OpenTillLine extends TillLine {
  /** The device file that the agent opens. */
  readonly path: string;
  close(): void;
}

/** @returns undefined where the platform has no pseudo-terminals */
export function openTillLine(): OpenTillLine | undefined {
  try {
    const terminal = openPseudoTerminal();
    let queued = 0;
    return {
      path: terminal.path,
      write: (bytes) => {
        queued += bytes.length;
        // A write that fails is paper lost, as on a printer that is switched off.
        void terminal
          .write(bytes)
          .catch(() => undefined)
          .finally(() => {
            queued -= bytes.length;
          });
      },
      queuedBytes: () => queued,
      close: () => terminal.close(),
    };
  } catch (error) {
    if (error instanceof PseudoTerminalUnavailable) return undefined;
    throw error;
  }
}
