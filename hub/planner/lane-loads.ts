/** Lanes by their two ends, and the units that a plan moves over each, all SKUs together. */
import type { PlanningLane } from '../../protocol/index.ts';

export interface LaneLoad {
  readonly lane: PlanningLane;
  units: number;
}

export class LaneLoads {
  readonly #byFrom = new Map<string, Map<string, LaneLoad>>();

  constructor(lanes: Iterable<PlanningLane>) {
    for (const lane of lanes) {
      const to = this.#byFrom.get(lane.from);
      if (to) to.set(lane.to, { lane, units: 0 });
      else this.#byFrom.set(lane.from, new Map([[lane.to, { lane, units: 0 }]]));
    }
  }

  find(from: string, to: string): LaneLoad | undefined {
    return this.#byFrom.get(from)?.get(to);
  }

  /** Units of a lane that does not exist are left to whoever prices them to refuse. */
  add(from: string, to: string, units: number): void {
    const load = this.find(from, to);
    if (load) load.units += units;
  }
}
