/** The newest picture of a folder that a camera, or a person, writes pictures to. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { decodeImage } from '../detector/decode-image.ts';
import type { FrameSource } from './frame-source.ts';

const PICTURE = /\.(jpe?g|png|webp|avif|tiff?)$/i;
const MAX_FILES = 10_000;

export interface FolderOptions {
  readonly folder: string;
  readonly everySeconds: number;
}

export function folderSource({ folder, everySeconds }: FolderOptions): FrameSource {
  return {
    async *frames(signal, onState) {
      let seen = '';
      while (!signal.aborted) {
        const newest = await newestIn(folder);
        if (!newest.ok) onState({ state: 'down', message: newest.problem });
        else if (newest.key !== seen) {
          const bytes = await readFile(newest.path).catch(() => undefined);
          const decoded = bytes === undefined ? undefined : await decodeImage(bytes, newest.path);
          // A file that is still being written is whole the next time; then its date has changed too.
          if (decoded?.ok === true) {
            seen = newest.key;
            onState({ state: 'up' });
            yield decoded.frame;
          } else if (decoded !== undefined) onState({ state: 'down', message: decoded.problem });
        }
        await pause(everySeconds * 1000, undefined, { signal }).catch(() => undefined);
      }
    },
  };
}

type Newest =
  | { readonly ok: true; readonly path: string; readonly key: string }
  | { readonly ok: false; readonly problem: string };

async function newestIn(folder: string): Promise<Newest> {
  let files: readonly string[];
  try {
    files = (await readdir(folder)).filter((name) => PICTURE.test(name)).slice(0, MAX_FILES);
  } catch {
    return {
      ok: false,
      problem: `there is no readable folder ${folder}; create it, or name another in the config`,
    };
  }
  let best: { readonly path: string; readonly key: string; readonly at: number } | undefined;
  for (const name of files) {
    const path = join(folder, name);
    const at = (await stat(path).catch(() => undefined))?.mtimeMs ?? 0;
    if (best === undefined || at > best.at) best = { path, at, key: `${name} ${at}` };
  }
  return best === undefined
    ? { ok: false, problem: `${folder} holds no picture yet` }
    : { ok: true, path: best.path, key: best.key };
}
