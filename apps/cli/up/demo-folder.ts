/**
 * Everything the demo keeps between two starts, in one folder: secrets made once, the physical world's state and
 * where its clock stood, and the data folders of hub and stores.
 */
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { StoreState } from './world.ts';

export class DemoFolderError extends Error {
  readonly code = 'E_DEMO_FOLDER';
}

export interface DemoSecrets {
  readonly operatorKey: string;
  /** By store. */
  readonly deviceSecrets: Readonly<Record<string, string>>;
}
export interface DemoState {
  /** What the demo's clock showed last, ms. */
  readonly shows: number;
  readonly worlds: Readonly<Record<string, StoreState>>;
}

export class DemoFolder {
  readonly path: string;

  /** @param isFresh throws away what an earlier run left in the folder */
  constructor(path: string, isFresh: boolean) {
    this.path = path;
    if (isFresh) empty(path);
    mkdirSync(join(path, 'logs'), { recursive: true });
    chmodSync(path, 0o700);
  }

  secrets(stores: readonly string[]): DemoSecrets {
    const known = this.#read('demo.json');
    if (known) return known as DemoSecrets;
    const secret = () => randomBytes(24).toString('base64url');
    const made: DemoSecrets = {
      operatorKey: secret(),
      deviceSecrets: Object.fromEntries(stores.map((store) => [store, secret()])),
    };
    this.write('demo.json', made);
    return made;
  }

  state(): DemoState | undefined {
    return this.#read('state.json') as DemoState | undefined;
  }

  saveState(state: DemoState): void {
    this.write('state.json', state);
  }

  /** A folder below this one, made when missing. */
  folder(...parts: string[]): string {
    const folder = join(this.path, ...parts);
    mkdirSync(folder, { recursive: true });
    return folder;
  }

  /** Replaces a file in one step, readable by this user only. Returns its path. */
  write(name: string, value: unknown): string {
    const file = join(this.path, name);
    writeFileSync(`${file}.new`, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
    renameSync(`${file}.new`, file);
    return file;
  }

  /** Its own files only, written by `write`, so their shape is known. */
  #read(name: string): unknown {
    const file = join(this.path, name);
    if (!existsSync(file)) return undefined;
    try {
      return JSON.parse(readFileSync(file, 'utf8'));
    } catch {
      throw new DemoFolderError(`${file} is damaged; start again with --fresh`);
    }
  }
}

/** Removes an earlier demo, and nothing that is none. */
function empty(path: string): void {
  const entries = existsSync(path)
    ? readdirSync(path).filter((entry) => !entry.startsWith('agent.lock'))
    : [];
  if (entries.length > 0 && !entries.includes('demo.json'))
    throw new DemoFolderError(
      `${path} holds no earlier demo, so --fresh does not empty it; name another --data folder`,
    );
  for (const entry of entries) rmSync(join(path, entry), { recursive: true });
}
