import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Ledger, LEDGER_FILE, verifyLedger } from './index.ts';

const ROUNDS = Number(process.env['TRUECOUNT_KILLS'] ?? 12);
const SEED = Number(process.env['TRUECOUNT_SEED'] ?? Date.now() % 100_000);

/** Park-Miller generator (CACM 31, 1988): the same seed kills at the same points in time. */
const randomFrom = (seed: number): (() => number) => {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
};

async function appendUntilKilled(folder: string, round: number, killAfterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'kill-child.ts'), folder, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') void after(killAfterMs).then(() => child.kill('SIGKILL'));
    else acknowledged.push(line);
  }
  return acknowledged;
}

it('loses nothing that it acknowledged when it is killed with -9 in the middle of appends', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ledger-kill-'));
  const random = randomFrom(SEED);
  const rerun = `TRUECOUNT_SEED=${SEED} TRUECOUNT_KILLS=${ROUNDS} npx vitest run device/ledger/kill.test.ts`;
  try {
    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      acknowledged.push(...(await appendUntilKilled(folder, round, 5 + random() * 120)));
      using ledger = new Ledger({ folder, store: 'harbour', now: Date.now });
      const entries = [...ledger.read()];
      const stored = new Set(entries.map((entry) => entry.id));
      const lost = acknowledged.filter((id) => id !== '' && !stored.has(id));
      expect(lost, `lost after an acknowledgement; rerun: ${rerun}`).toEqual([]);
      expect(stored.size, `doubled; rerun: ${rerun}`).toBe(entries.length);
      expect(
        entries.every((entry, at) => entry.seq === at + 1),
        `a gap; rerun: ${rerun}`,
      ).toBe(true);
    }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS);
    expect(await verifyLedger(join(folder, LEDGER_FILE))).toMatchObject({ whole: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
