import { statSync } from 'node:fs';
import { SharedStreams } from './change-streams.ts';
import { Checkpoints } from './checkpoints.ts';
import { DatabaseFile } from './database-file.ts';

/** A share in an open file. */
export interface FileLease {
  readonly file: DatabaseFile;
  readonly streams: SharedStreams;
  readonly release: () => Promise<void>;
}

interface OpenFile {
  readonly opened: Promise<{ readonly file: DatabaseFile; readonly streams: SharedStreams }>;
  users: number;
}

interface OpenFilesOptions {
  readonly busyTimeoutMs: number;
  readonly channelName: string;
  /** A file is opened that is not as it was when this process last closed it. */
  readonly onReplaced: (path: string) => void;
}

/** Opens each file once, however many collections use it, and closes it after the last one has gone. */
export class OpenFiles {
  readonly #options: OpenFilesOptions;
  readonly #open = new Map<string, OpenFile>();
  readonly #closing = new Map<string, Promise<void>>();
  readonly #stampAtClose = new Map<string, string>();
  readonly #checkpoints = new Checkpoints();

  constructor(options: OpenFilesOptions) {
    this.#options = options;
  }

  async lease(path: string): Promise<FileLease> {
    await this.#closing.get(path);
    const entry = this.#open.get(path) ?? this.#openNow(path);
    entry.users += 1;
    try {
      return { ...(await entry.opened), release: () => this.#release(path, entry) };
    } catch (error) {
      if (this.#open.get(path) === entry) this.#open.delete(path);
      throw error;
    }
  }

  #openNow(path: string): OpenFile {
    // A restored backup may give out sequence numbers again that are known here with other content.
    if (this.#stampAtClose.get(path) !== stampOf(path)) this.#options.onReplaced(path);
    const { busyTimeoutMs, channelName } = this.#options;
    const opened = DatabaseFile.open({ path, busyTimeoutMs, checkpoints: this.#checkpoints }).then(
      (file) => ({
        file,
        streams: new SharedStreams(file, channelName),
      }),
    );
    const entry = { opened, users: 0 };
    this.#open.set(path, entry);
    return entry;
  }

  async #release(path: string, entry: OpenFile): Promise<void> {
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#open.delete(path);
    const closed = entry.opened
      .then(({ file, streams }) => {
        streams.close();
        return file.close();
      })
      .finally(() => {
        this.#stampAtClose.set(path, stampOf(path));
        this.#closing.delete(path);
      });
    this.#closing.set(path, closed);
    await closed;
    if (this.#open.size === 0) await this.#checkpoints.stop();
  }
}

function stampOf(path: string): string {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat ? `${stat.ino} ${stat.size} ${stat.mtimeMs}` : 'absent';
}
