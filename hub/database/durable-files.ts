/**
 * The embedded database's files, with what a commit needs to outlive a power cut. PGlite starts PostgreSQL with `fsync`
 * off, and its file system knows no fsync; with both put right a commit is on the disk before it is acknowledged.
 */
import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** Without the switch that turns fsync off; of the ways to sync, Emscripten passes on fsync and no other. */
export const DURABLE_START: readonly string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  '-c',
  'wal_sync_method=fsync',
];

/** @param sync has the operating system write a file of this process, by its number, to the disk */
export class DurableFiles extends NodeFS {
  readonly #sync: (fd: number) => void;

  constructor(folder: string, sync: (fd: number) => void = fsyncSync) {
    super(folder);
    this.#sync = sync;
  }

  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given);
    const enableSync = (module: unknown): void => {
      fileOperations(module).fsync = ({ nfd }) => {
        this.#sync(nfd);
        return 0;
      };
    };
    return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), enableSync] } };
  }
}

interface FileOperations {
  /** @param stream `nfd` is Node's number of the file */
  fsync?: (stream: { readonly nfd: number }) => number;
}

/** Emscripten's table of operations on files that lie on the disk; its types leave it out. */
const fileOperations = (module: unknown): FileOperations =>
  (module as { NODEFS: { stream_ops: FileOperations } }).NODEFS.stream_ops;
