import { DatabaseFile } from './database-file.ts';

/** A share in an open file. */
export interface FileLease {
  readonly file: DatabaseFile;
  readonly release: () => Promise<void>;
}

interface OpenFile {
  readonly file: Promise<DatabaseFile>;
  users: number;
}

/** Opens each file once, however many collections use it, and closes it after the last one has gone. */
export class OpenFiles {
  readonly #busyTimeoutMs: number;
  readonly #open = new Map<string, OpenFile>();
  readonly #closing = new Map<string, Promise<void>>();

  constructor(busyTimeoutMs: number) {
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  async lease(path: string): Promise<FileLease> {
    await this.#closing.get(path);
    let entry = this.#open.get(path);
    if (!entry) {
      entry = { file: DatabaseFile.open({ path, busyTimeoutMs: this.#busyTimeoutMs }), users: 0 };
      this.#open.set(path, entry);
    }
    entry.users += 1;
    try {
      const file = await entry.file;
      const held = entry;
      return { file, release: () => this.#release(path, held) };
    } catch (error) {
      if (this.#open.get(path) === entry) this.#open.delete(path);
      throw error;
    }
  }

  async #release(path: string, entry: OpenFile): Promise<void> {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#open.delete(path);
    const closed = entry.file.then((file) => file.close()).finally(() => this.#closing.delete(path));
    this.#closing.set(path, closed);
    await closed;
  }
}
