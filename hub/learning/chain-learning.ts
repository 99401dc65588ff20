/**
 * Keeps the chain's document equal to what its stores report. The replicated collection `learning` itself is the table:
 * one row per store, and the chain's, which is signed. Looks a moment after a report, and regularly in case another hub
 * process took it.
 */
import {
  CHAIN_ID,
  type Clock,
  instant,
  type PooledParameter,
  type PooledStatistics,
} from '@truecount/protocol';
import { canonical } from '@truecount/protocol/signing';
import type { Database, Transaction } from '../database/index.ts';
import type { HubKey } from '../governance/index.ts';
import { getDocument, listDocuments, putDocument } from '../intake/index.ts';
import { poolEstimates } from './pool-estimates.ts';

export interface ChainLearningOptions {
  readonly database: Database;
  readonly key: HubKey;
  readonly clock: Clock;
  readonly onProblem: (error: unknown) => void;
}

/** More stores than a chain has. */
const MOST_STORES = 20_000;
const SOON_MS = 500;
const EVERY_MS = 10 * 60_000;
/** Smaller changes are not worth a new document at every store. */
const WORTH_TELLING = 0.02;

export class ChainLearning {
  readonly #options: ChainLearningOptions;
  #soon: NodeJS.Timeout | undefined;
  readonly #regular: NodeJS.Timeout;
  #pooling: Promise<unknown> = Promise.resolve();

  constructor(options: ChainLearningOptions) {
    this.#options = options;
    this.#regular = setInterval(() => this.#pool(), EVERY_MS).unref();
  }

  /** Some stores have reported; those of the next moment are pooled with them. */
  reported(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = undefined;
      this.#pool();
    }, SOON_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#regular);
    clearTimeout(this.#soon);
    await this.#pooling;
  }

  #pool(): void {
    const { database, onProblem } = this.#options;
    this.#pooling = this.#pooling
      .then(() => database.transaction((tx) => tellChain(tx, this.#options)))
      .catch(onProblem);
  }
}

/** @returns whether there was something new to tell */
export async function tellChain(
  tx: Transaction,
  { key, clock }: Pick<ChainLearningOptions, 'key' | 'clock'>,
): Promise<boolean> {
  const reports = await listDocuments(tx, 'learning', { limit: MOST_STORES });
  const parameters = poolEstimates(reports.flatMap(({ document }) => document.fitted ?? []));
  const known = (await getDocument(tx, 'learning', CHAIN_ID))?.document.pooled;
  if (known?.keyId === key.keyId && !differs(known.parameters, parameters)) return false;
  if (known === undefined && parameters.length === 0) return false;
  const unsigned: Omit<PooledStatistics, 'signature'> = {
    version: (known?.version ?? 0) + 1,
    asOf: instant(clock.now()),
    parameters,
    keyId: key.keyId,
  };
  const pooled: PooledStatistics = { ...unsigned, signature: key.sign(canonical(unsigned)) };
  await putDocument(tx, 'learning', { id: CHAIN_ID, store: '*', pooled }, { by: 'hub:learning' });
  return true;
}

function differs(before: readonly PooledParameter[], after: readonly PooledParameter[]): boolean {
  if (before.length !== after.length) return true;
  return after.some((one, i) => {
    const other = before[i];
    return (
      other?.name !== one.name ||
      Math.abs(other.log - one.log) > WORTH_TELLING ||
      Math.abs(other.between - one.between) > WORTH_TELLING
    );
  });
}
