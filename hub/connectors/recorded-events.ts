/**
 * Events of other systems from NDJSON files in a folder, one event per line. Where reading stopped is kept with the
 * events, so a restart neither misses nor repeats one; a line that does not fit is reported and skipped.
 */
import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { parsePortEvent, type PortEvent } from '../cases/index.ts';
import type { Database, Transaction } from '../database/index.ts';

const CHUNK_BYTES = 256 * 1024;

export interface EventSource {
  readonly folder: string;
  readonly database: Database;
  /** Notes the events and, in the same transaction, how far was read. */
  readonly note: (events: readonly PortEvent[], after: (tx: Transaction) => Promise<void>) => Promise<void>;
  readonly onProblem: (text: string) => void;
}

/** Reads everything that was appended since the last look. @returns how many events were noted */
export async function readRecordedEvents(source: EventSource): Promise<number> {
  if (!existsSync(source.folder)) return 0;
  const files = readdirSync(source.folder)
    .filter((name) => name.endsWith('.ndjson'))
    .sort();
  let noted = 0;
  for (const file of files) noted += await readFile(source, file);
  return noted;
}

async function readFile(source: EventSource, file: string): Promise<number> {
  let noted = 0;
  for (;;) {
    const [row] = await source.database.query<{ bytes_read: number }>(
      'SELECT bytes_read FROM inbound_files WHERE file = $1',
      [file],
    );
    const from = row?.bytes_read ?? 0;
    const chunk = wholeLines(join(source.folder, file), from);
    if (chunk.length === 0) return noted;
    const events = parseLines(chunk.toString('utf8'), file, source.onProblem);
    await source.note(events, async (tx) => {
      await tx.query(
        `INSERT INTO inbound_files (file, bytes_read) VALUES ($1, $2)
         ON CONFLICT (file) DO UPDATE SET bytes_read = EXCLUDED.bytes_read`,
        [file, from + chunk.length],
      );
    });
    noted += events.length;
  }
}

/** The next bytes up to the last line end; a line that is still being written waits. */
function wholeLines(path: string, from: number): Buffer {
  const descriptor = openSync(path, 'r');
  try {
    const length = Math.min(CHUNK_BYTES, fstatSync(descriptor).size - from);
    if (length <= 0) return Buffer.alloc(0);
    const bytes = Buffer.alloc(length);
    const read = readSync(descriptor, bytes, 0, length, from);
    const end = bytes.subarray(0, read).lastIndexOf(0x0a);
    // A line longer than a whole chunk is no event of ours: it is passed over piece by piece.
    if (end < 0) return read === CHUNK_BYTES ? bytes : Buffer.alloc(0);
    return bytes.subarray(0, end + 1);
  } finally {
    closeSync(descriptor);
  }
}

function parseLines(text: string, file: string, onProblem: (text: string) => void): readonly PortEvent[] {
  return text.split('\n').flatMap((line): PortEvent[] => {
    if (line.trim() === '') return [];
    try {
      const parsed = parsePortEvent(JSON.parse(line));
      if (parsed.ok) return [parsed.value];
      onProblem(`${file}: ${parsed.problem}: ${line.slice(0, 120)}`);
    } catch {
      onProblem(`${file}: not JSON: ${line.slice(0, 120)}`);
    }
    return [];
  });
}
