/**
 * The head of the audit chain, kept outside the database: a signed file that is replaced after every commit.
 * Whoever shortens the tables cannot also take back what the file has seen. It may lag behind the database by
 * the entries of the last moment (a crash between commit and file), never run ahead of it.
 */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
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

export class AuditAnchor {
  readonly file: string;
  #written: number;
  #wanted: AuditHead | undefined;
  #timer: NodeJS.Immediate | undefined;

  constructor(file: string) {
    this.file = file;
    const reading = readAnchor(file);
    this.#written = reading.state === 'read' ? reading.head.seq : 0;
  }

  /** Notes a committed head; many in one turn of the event loop become one write. */
  note(head: AuditHead): void {
    if (head.seq <= (this.#wanted?.seq ?? this.#written)) return;
    this.#wanted = head;
    this.#timer ??= setImmediate(() => this.flush());
  }

  flush(): void {
    if (this.#timer) clearImmediate(this.#timer);
    this.#timer = undefined;
    const head = this.#wanted;
    if (!head) return;
    const draft = `${this.file}.${process.pid}.tmp`;
    const descriptor = openSync(draft, 'w', 0o600);
    try {
      writeSync(descriptor, `${JSON.stringify(head)}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(draft, this.file);
    this.#written = head.seq;
    this.#wanted = undefined;
  }
}
