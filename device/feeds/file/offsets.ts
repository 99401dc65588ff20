/** How far a file feed has read each of its files, kept in one small JSON file of its own. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

const FileOffset = Type.Object({
  /** The name it was first seen under; it stays part of its observations' keys when the file is renamed. */
  name: Type.String(),
  inode: Type.Number(),
  /** A hash of the first bytes, to notice another file under the same name. */
  head: Type.Object({ bytes: Type.Integer({ minimum: 0 }), sha256: Type.String() }),
  /** Acknowledged by the sink up to here. */
  offset: Type.Integer({ minimum: 0 }),
  line: Type.Integer({ minimum: 0 }),
  isOpen: Type.Boolean(),
  firstLine: Type.Optional(Type.String()),
});
export type FileOffset = Static<typeof FileOffset>;

/** The least recently read file beyond this is forgotten; should it come back, its keys say what was counted. */
const MAX_ENTRIES = 2000;

const parseOffsets = parserFor(Type.Record(Type.String(), FileOffset));

export class Offsets {
  readonly #file: string | undefined;
  #byPath: Map<string, FileOffset>;

  private constructor(file: string | undefined, byPath: Map<string, FileOffset>) {
    this.#file = file;
    this.#byPath = byPath;
  }

  /** An unreadable file means reading from the start; the observations' keys keep that from counting twice. */
  static async load(
    file: string | undefined,
  ): Promise<{ readonly offsets: Offsets; readonly wasUnreadable: boolean }> {
    if (file === undefined) return { offsets: new Offsets(file, new Map()), wasUnreadable: false };
    try {
      const parsed = parseOffsets(JSON.parse(await readFile(file, 'utf8')));
      if (parsed.ok)
        return { offsets: new Offsets(file, new Map(Object.entries(parsed.value))), wasUnreadable: false };
      return { offsets: new Offsets(file, new Map()), wasUnreadable: true };
    } catch (error) {
      const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
      return { offsets: new Offsets(file, new Map()), wasUnreadable: !isAbsent };
    }
  }

  get(path: string): FileOffset | undefined {
    return this.#byPath.get(path);
  }

  /** The entry of a file that lay at another path before. */
  takeMoved(inode: number, isGone: (path: string, inode: number) => boolean): FileOffset | undefined {
    for (const [path, entry] of this.#byPath) {
      if (entry.inode !== inode || !isGone(path, inode)) continue;
      this.#byPath.delete(path);
      return entry;
    }
    return undefined;
  }

  /** Another file has taken this path; the old one may turn up under a new name. */
  displace(path: string): void {
    const entry = this.#byPath.get(path);
    if (!entry) return;
    this.#byPath.delete(path);
    this.#byPath.set(`inode:${entry.inode}`, entry);
  }

  async set(path: string, entry: FileOffset): Promise<void> {
    this.#byPath.delete(path);
    this.#byPath.set(path, entry);
    const [oldest] = this.#byPath.keys();
    if (this.#byPath.size > MAX_ENTRIES && oldest !== undefined) this.#byPath.delete(oldest);
    if (this.#file === undefined) return;
    await mkdir(dirname(this.#file), { recursive: true });
    await writeFile(`${this.#file}.new`, JSON.stringify(Object.fromEntries(this.#byPath)));
    await rename(`${this.#file}.new`, this.#file);
  }
}
