/** What runs on this machine, read from /proc; empty where there is none. */
import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  readonly pid: number;
  readonly command: string;
  /** Resident memory, bytes. */
  readonly residentBytes: number;
}

const PAGE_BYTES = 4096;

export function processes(): RunningProcess[] {
  let entries: string[];
  try {
    entries = readdirSync('/proc');
  } catch {
    return [];
  }
  return entries
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => {
      try {
        const command = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const pages = Number(readFileSync(`/proc/${entry}/statm`, 'utf8').split(' ')[1]);
        return [{ pid: Number(entry), command, residentBytes: pages * PAGE_BYTES }];
      } catch {
        // It ended between the listing and the look.
        return [];
      }
    });
}
