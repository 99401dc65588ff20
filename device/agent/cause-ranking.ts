/** Why records are wrong in this store, as experience says and as its people have taught it since. */
import type { StockSigns } from '../belief/index.ts';
import type { CauseEstimate } from '../exceptions/index.ts';
import { experiencedRanker, type ModelStore, rankCauses } from '../learning/index.ts';

export class CauseRanking {
  readonly #models: Pick<ModelStore, 'get'>;
  #network: ReturnType<typeof experiencedRanker>;

  constructor(models: Pick<ModelStore, 'get'>) {
    this.#models = models;
    this.#network = learnedOr(models);
  }

  /** A night may have learned something. */
  refresh(): void {
    this.#network = learnedOr(this.#models);
  }

  rank(signs: StockSigns): CauseEstimate['ranked'] {
    return rankCauses(this.#network, signs);
  }
}

/** Weights that were learned for other signs or causes are left alone until a night has learned anew. */
function learnedOr(models: Pick<ModelStore, 'get'>): ReturnType<typeof experiencedRanker> {
  const shipped = experiencedRanker();
  const learned = models.get('causes');
  const fits = learned?.inputs === shipped.inputs && learned.outputs === shipped.outputs;
  return fits ? learned : shipped;
}
