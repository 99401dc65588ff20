/**
 * Messages for the retailer's systems as files: one NDJSON file per port, one line per message. A message is delivered
 * once it is on disk; after a crash in between the same id may stand there twice, which a reader drops by its id.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MessageSink } from './ports.ts';

export function recordedFiles(folder: string): MessageSink {
  return {
    deliver: (message) => {
      mkdirSync(folder, { recursive: true });
      const descriptor = openSync(join(folder, `${message.port}.ndjson`), 'a', 0o600);
      try {
        writeSync(descriptor, `${JSON.stringify(message)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      return Promise.resolve();
    },
  };
}
