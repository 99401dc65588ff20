/**
 * A pseudo-terminal pair: what is written here comes out of a device file that `serialport` opens like any other.
 * The demo plays recorded receipts through it, the tests cut, garble and rename it. Linux and macOS; the native
 * part comes prebuilt with the npm package @lydell/node-pty, of which only `openpty` is used.
 */
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';

export interface PseudoTerminal {
  /** The device file to open, e.g. `/dev/pts/4`. */
  readonly path: string;
  /** Resolves when the bytes are in the terminal's buffer; waits while the reader is slower. */
  write(bytes: Uint8Array): Promise<void>;
  /** Pulls the plug: the reader loses the port. */
  close(): void;
}

export class PseudoTerminalUnavailable extends Error {
  readonly code = 'E_PSEUDO_TERMINAL';
  constructor(cause: unknown) {
    super(
      `this machine (${process.platform}-${process.arch}) gives no pseudo-terminals; configure a real serial port or a file feed instead`,
      { cause },
    );
  }
}

interface Native {
  open(columns: number, rows: number): { master: number; slave: number; pty: string };
}

/** Throws `PseudoTerminalUnavailable` where the platform has none. */
export function openPseudoTerminal(): PseudoTerminal {
  const { master, slave, pty } = openPair();
  // Raw mode passes every byte as it is. The slave is kept open, unread, so that the master does not hang up while
  // no reader has it, and so that raw mode outlives the readers.
  const keeper = new ReadStream(slave);
  keeper.setRawMode(true);
  const near = new ReadStream(master);
  const ignore = (): void => undefined;
  near.on('error', ignore);
  keeper.on('error', ignore);
  near.resume();
  return {
    path: pty,
    write: (bytes) =>
      new Promise((resolve, reject) => {
        if (near.destroyed) reject(new Error(`${pty} is closed`));
        else near.write(bytes, (error) => (error ? reject(error) : resolve()));
      }),
    close: () => {
      keeper.destroy();
      near.destroy();
    },
  };
}

export function hasPseudoTerminals(): boolean {
  try {
    openPseudoTerminal().close();
    return true;
  } catch {
    return false;
  }
}

function openPair(): ReturnType<Native['open']> {
  try {
    const require = createRequire(import.meta.url);
    const { requireBinary } = require('@lydell/node-pty/requireBinary.js') as {
      requireBinary: (file: string) => Native;
    };
    return requireBinary('pty.node').open(80, 24);
  } catch (error) {
    throw new PseudoTerminalUnavailable(error);
  }
}
