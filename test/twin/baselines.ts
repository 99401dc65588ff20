/**
 * What stores do without a belief: rules on the POS stream, and a hidden Markov model of it. They see the
 * same observations as the filter.
 */
import type { Observation } from '@truecount/protocol';

interface Track {
  record: number;
  silentDays: number;
  soldToday: number;
  soldAnyToday: boolean;
  days: number;
  saleDays: number;
  sold: number;
  /** Forward probabilities: normal, slowed (poor shelf), out of stock. */
  hmm: [number, number, number];
  hmmRate: number;
  hmmDays: number;
}

export interface BaselineScores {
  readonly daysWithoutSale: number;
  /** Silent days over the expected gap between sale days. */
  readonly gapFactor: number;
  readonly lowestRecord: number;
  /** Silent days times mean units per day: what the silence should have sold. */
  readonly runTimesRate: number;
  readonly hmm: number;
}

export class Baselines {
  readonly #tracks = new Map<string, Track>();

  observe(observation: Observation): void {
    if (observation.type === 'close') return this.#endDay();
    if (!('sku' in observation)) return;
    const track = this.#track(observation.sku);
    switch (observation.type) {
      case 'sale':
        track.record -= observation.qty;
        if (observation.qty > 0) {
          track.soldToday += observation.qty;
          track.soldAnyToday = true;
        }
        return;
      case 'receipt':
        track.record += observation.qty ?? 0;
        track.hmm = [0.95, 0.04, 0.01];
        return;
      case 'record':
      case 'count':
        track.record = observation.qty;
        if (observation.type === 'count')
          track.hmm = observation.qty > 0 ? [0.97, 0.02, 0.01] : [0.01, 0.01, 0.98];
        return;
      case 'return':
        if (observation.sellable !== false) track.record += observation.qty;
        return;
      case 'pick':
        track.record -= observation.found;
        return;
      case 'waste':
        track.record -= observation.qty;
        return;
      case 'transfer':
        track.record += observation.qty;
        return;
      case 'catalog':
      case 'shelf':
      case 'seen':
        return;
      default:
        observation satisfies never;
    }
  }

  #track(sku: string): Track {
    let track = this.#tracks.get(sku);
    if (track === undefined) {
      track = {
        record: 0,
        silentDays: 0,
        soldToday: 0,
        soldAnyToday: false,
        days: 0,
        saleDays: 0,
        sold: 0,
        hmm: [0.97, 0.02, 0.01],
        hmmRate: 0.5,
        hmmDays: 4,
      };
      this.#tracks.set(sku, track);
    }
    return track;
  }

  #endDay(): void {
    for (const track of this.#tracks.values()) {
      track.days++;
      track.sold += track.soldToday;
      if (track.soldAnyToday) {
        track.saleDays++;
        track.silentDays = 0;
      } else track.silentDays++;
      stepHmm(track);
      track.soldToday = 0;
      track.soldAnyToday = false;
    }
  }

  scores(sku: string): BaselineScores {
    const track = this.#track(sku);
    const gap = (track.days + 2) / (track.saleDays + 1);
    return {
      daysWithoutSale: track.silentDays,
      gapFactor: track.silentDays / gap,
      lowestRecord: -track.record,
      runTimesRate: (track.silentDays * (track.sold + 0.5)) / (track.days + 1),
      hmm: track.hmm[2],
    };
  }
}

/**
 * Three states on daily sales after Montoya & Gonzalez (2019): normal demand, slowed to a third, none. The
 * rate is the running mean of normal days.
 */
function stepHmm(track: Track): void {
  const [normal, slowed, out] = track.hmm;
  const next: [number, number, number] = [
    normal * 0.975 + slowed * 0.3 + out * 0.01,
    normal * 0.02 + slowed * 0.68 + out * 0.01,
    normal * 0.005 + slowed * 0.02 + out * 0.98,
  ];
  const x = track.soldToday;
  const emitted: [number, number, number] = [
    poisson(x, track.hmmRate),
    poisson(x, track.hmmRate / 3),
    poisson(x, 0.005),
  ];
  let total = 0;
  for (let s = 0; s < 3; s++) {
    next[s] = (next[s] as number) * Math.max(1e-12, emitted[s] as number);
    total += next[s] as number;
  }
  track.hmm = [next[0] / total, next[1] / total, next[2] / total];
  const weight = track.hmm[0];
  track.hmmDays = track.hmmDays * (1 - weight / 60) + weight;
  track.hmmRate += ((x - track.hmmRate) * weight) / track.hmmDays;
  track.hmmRate = Math.max(0.005, track.hmmRate);
}

function poisson(count: number, mean: number): number {
  let log = -mean + count * Math.log(mean);
  for (let i = 2; i <= count; i++) log -= Math.log(i);
  return Math.exp(log);
}
