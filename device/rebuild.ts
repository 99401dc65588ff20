/** The ledger checked and folded anew; what `truecount rebuild` does. */
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BeliefKeeper } from './agent/belief-keeper.ts';
import { BELIEF_SNAPSHOT } from './agent/store-core.ts';
import { ModelStore } from './learning/index.ts';
import { Ledger, LEDGER_FILE, type LedgerVerdict, lockDataFolder, verifyLedger } from './ledger/index.ts';
import manifest from './package.json' with { type: 'json' };

export class NoLedgerError extends Error {
  readonly code = 'E_NO_LEDGER';
}

export type RebuildReport = LedgerVerdict & {
  /** Version of the error rates that it was folded with. */
  readonly model?: string;
  readonly folded?: number;
  readonly skus?: number;
};

/** @param checkOnly looks at the chain without writing; it may run beside the agent */
export async function rebuildBelief(folder: string, checkOnly: boolean): Promise<RebuildReport> {
  const path = join(folder, LEDGER_FILE);
  if (!existsSync(path)) throw new NoLedgerError(`${folder} holds no ledger; name the agent's data folder`);
  const verdict = await verifyLedger(path);
  if (checkOnly || !verdict.whole) return verdict;
  const lock = lockDataFolder(folder);
  try {
    const snapshotPath = join(folder, BELIEF_SNAPSHOT);
    rmSync(snapshotPath, { force: true });
    using ledger = new Ledger({ folder, store: 'rebuild', now: Date.now });
    using models = new ModelStore(folder);
    const keeper = new BeliefKeeper({
      ledger,
      snapshotPath,
      version: manifest.version,
      parameters: models.parametersOf(models.inForce().version),
      onFolded: () => undefined,
      unlooked: () => keeper.belief.skus(),
    });
    const { folded } = await keeper.start();
    keeper.save();
    return { ...verdict, model: keeper.model, folded, skus: keeper.belief.skus().length };
  } finally {
    lock[Symbol.dispose]();
  }
}
