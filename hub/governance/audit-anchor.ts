/**
 * The head of the audit chain, kept outside the database: a signed file that is replaced after every commit.
 * Whoever shortens the tables cannot also take back what the file has seen. It may lag behind the database by
 * the entries of the last moment (a crash between commit and file), never run ahead of it.
 */
import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { type Static, Type } from 'typebox';
import { parserFor } from '@truecount/protocol';
import type { AuditHead } from './audit-entry.ts';

const AnchorFile = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  hash: Type.String(),
  at: Type.String(),
  key_id: Type.String(),
  signature: Type.String(),
});
const parseAnchor = parserFor(AnchorFile);

export type AnchorReading =
  | { readonly state: 'absent' }
  | { readonly state: 'unreadable'; readonly problem: string }
  | { readonly state: 'read'; readonly head: Static<typeof AnchorFile> };

export function readAnchor(file: string): AnchorReading {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { state: 'absent' };
    throw error;
  }
  try {
    const parsed = parseAnchor(JSON.parse(text));
    if (!parsed.ok) return { state: 'unreadable', problem: parsed.problem };
    return { state: 'read', head: parsed.value };
  } catch {
    return { state: 'unreadable', problem: 'it is not JSON' };
  }
}

/** One write of the file at a time, off the event loop: its flush takes as long as the disk likes. */
export class AuditAnchor {
  readonly file: string;
  #written: number;
  #wanted: AuditHead | undefined;
  #writing: Promise<void> | undefined;

  constructor(file: string) {
    this.file = file;
    const reading = readAnchor(file);
    this.#written = reading.state === 'read' ? reading.head.seq : 0;
  }

  /** Notes a committed head. What is noted in one turn of the event loop, or during a write, becomes one write. */
  note(head: AuditHead): void {
    if (head.seq <= (this.#wanted?.seq ?? this.#written)) return;
    this.#wanted = head;
    this.#writing ??= this.#writeWanted();
  }

  /** Resolves once the file holds the last head that was noted; rejects when it could not be written. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #writeWanted(): Promise<void> {
    try {
      await setImmediate();
      while (this.#wanted) {
        const head = this.#wanted;
        await this.#replaceFile(head);
        this.#written = head.seq;
        if (this.#wanted === head) this.#wanted = undefined;
      }
    } finally {
      this.#writing = undefined;
    }
  }

  async #replaceFile(head: AuditHead): Promise<void> {
    const draft = `${this.file}.${process.pid}.tmp`;
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(`${JSON.stringify(head)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, this.file);
  }
}
