/**
 * Pictures and learned rates of one camera on this device's disk. Invariants: only pictures whose people were blurred are
 * written; none is older than `keepHours` after a write, and at most MAX_FRAMES are kept; nothing here is part of a
 * document or the ledger, so nothing of it leaves the device.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parserFor } from '@truecount/protocol';
import { CameraRates, startingRates } from './camera-rates.ts';

/** A picture that a person may be asked about. */
const MAX_FRAMES = 200;
const FRAME = /^(\d{13})-([0-9a-f-]{36})\.jpg$/;
const parseRates = parserFor(CameraRates);
const MS_PER_HOUR = 3_600_000;

export interface FrameStore {
  save(id: string, atMs: number, jpeg: Buffer): void;
  read(id: string): Buffer | undefined;
  rates(): CameraRates;
  saveRates(rates: CameraRates): void;
}

export function openFrameStore(folder: string, keepHours: number): FrameStore {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const ratesPath = join(folder, 'rates.json');
  const writeWhole = (path: string, content: Buffer | string): void => {
    writeFileSync(`${path}.tmp`, content, { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
  };
  return {
    save: (id, atMs, jpeg) => {
      writeWhole(join(folder, `${String(atMs).padStart(13, '0')}-${id}.jpg`), jpeg);
      removeOld(folder, atMs - keepHours * MS_PER_HOUR);
    },
    read: (id) => {
      const name = readdirSync(folder).find((file) => FRAME.exec(file)?.[2] === id);
      return name === undefined ? undefined : readFileSync(join(folder, name));
    },
    rates: () => {
      try {
        const parsed = parseRates(JSON.parse(readFileSync(ratesPath, 'utf8')));
        return parsed.ok ? parsed.value : startingRates;
      } catch {
        return startingRates;
      }
    },
    saveRates: (rates) => writeWhole(ratesPath, JSON.stringify(rates)),
  };
}

/** The newest picture stays, whatever its age: the screen shows it. */
function removeOld(folder: string, beforeMs: number): void {
  const frames = readdirSync(folder)
    .flatMap((name) => {
      const at = FRAME.exec(name)?.[1];
      return at === undefined ? [] : [{ name, at: Number(at) }];
    })
    .toSorted((a, b) => b.at - a.at);
  for (const [i, { name, at }] of frames.entries())
    if (i > 0 && (at < beforeMs || i >= MAX_FRAMES)) rmSync(join(folder, name), { force: true });
}
