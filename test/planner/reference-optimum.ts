/**
 * The reallocation problem a second time, written from its formula alone and sharing nothing with the planner:
 * expectations by double sums, one binary per possible number of units given, shelved or served, solved by HiGHS
 * from LP text. Slow and plain on purpose.
 */
import highsModule from 'highs';
import type { PlanningPosition, PlanningProblem } from '../../protocol/index.ts';

const loadHighs = highsModule as unknown as (typeof highsModule)['default'];

/** P(N = n) by the definition of a position. */
export function referencePmf(position: PlanningPosition): number[] {
  if (position.pmf) return position.pmf;
  const p0 = position.p0 ?? 1;
  const wanted = (position.mean ?? 0) / (1 - p0);
  let [low, high] = [1e-9, wanted + 1];
  for (let i = 0; i < 200; i += 1) {
    const middle = (low + high) / 2;
    if (middle / (1 - Math.exp(-middle)) < wanted) low = middle;
    else high = middle;
  }
  const pmf = [p0];
  let poisson = Math.exp(-low);
  for (let n = 1; n < 400; n += 1) {
    poisson *= low / n;
    pmf.push(((1 - p0) * poisson) / (1 - Math.exp(-low)));
  }
  return pmf;
}

function demandPmf({ rate, coverDays, dispersion }: PlanningPosition): number[] {
  const mean = rate * coverDays;
  let p = dispersion === undefined ? Math.exp(-mean) : (dispersion / (dispersion + mean)) ** dispersion;
  const pmf = [p];
  for (let k = 1; k < 1500; k += 1) {
    p *= dispersion === undefined ? mean / k : ((dispersion + k - 1) / k) * (mean / (dispersion + mean));
    pmf.push(p);
  }
  return pmf;
}

/** E[min(D, stock(F))]. */
function expectedSales(position: PlanningPosition, stock: (free: number) => number): number {
  const demand = demandPmf(position);
  let sum = 0;
  for (const [n, p] of referencePmf(position).entries()) {
    if (p < 1e-15) continue;
    const units = stock(Math.max(0, n - position.reserved));
    let sales = units;
    for (let d = 0; d < units; d += 1) sales -= (demand[d] ?? 0) * (units - d);
    sum += p * sales;
  }
  return sum;
}

export function referenceDonorLoss(position: PlanningPosition, units: number): number {
  const kept = expectedSales(position, (f) => Math.max(0, f - units));
  return (position.lossValue ?? position.margin) * (expectedSales(position, (f) => f) - kept);
}

export function referenceStockValue(position: PlanningPosition, units: number): number {
  return position.margin * (expectedSales(position, (f) => f + units) - expectedSales(position, (f) => f));
}

/** Largest q with P(F >= q) >= 1 - alpha. */
export function referenceSureUnits(position: PlanningPosition, alpha: number): number {
  const pmf = referencePmf(position);
  let sure = 0;
  for (let q = 1; q < pmf.length; q += 1) {
    let atLeast = 0;
    for (const [n, p] of pmf.entries()) if (Math.max(0, n - position.reserved) >= q) atLeast += p;
    if (atLeast >= 1 - alpha - 1e-9) sure = q;
  }
  return sure;
}

/** The optimum of a problem with at most one need per SKU-store. */
export async function referenceOptimum(problem: PlanningProblem): Promise<number> {
  const highs = await loadHighs();
  const objective: string[] = [];
  const rows: string[] = [];
  const binaries: string[] = [];
  const integers: string[] = [];
  const { alpha, maxUnits = 1000 } = problem.policy;
  const lanes = problem.lanes.map((lane, l) => ({ ...lane, l }));
  const skus = [...new Set(problem.positions.map(({ sku }) => sku))];
  const give = (p: PlanningPosition): number =>
    Math.max(0, Math.min(referenceSureUnits(p, alpha) - (p.minimum ?? 0), maxUnits));
  for (const { l, fixed } of lanes) {
    objective.push(`- ${fixed} y${l}`);
    binaries.push(`y${l}`);
  }
  for (const [k, sku] of skus.entries()) {
    const at = new Map(problem.positions.filter((p) => p.sku === sku).map((p) => [p.store, p]));
    for (const [i, { id }] of problem.stores.entries()) {
      const position = at.get(id);
      const name = `${i}_${k}`;
      const out = lanes.filter((lane) => lane.from === id).map(({ l }) => `x${l}_${k}`);
      const into = lanes.filter((lane) => lane.to === id);
      const donors = into.reduce((sum, lane) => {
        const donor = at.get(lane.from);
        return sum + (donor ? give(donor) : 0);
      }, 0);
      const most = Math.min(maxUnits, donors);
      binaries.push(`r${name}`);
      // Gives: exactly one of the possible numbers of units.
      const gives = Array.from({ length: (position ? give(position) : 0) + 1 }, (_, m) => m);
      for (const m of gives) {
        if (position) objective.push(`- ${referenceDonorLoss(position, m)} g${name}_${m}`);
        binaries.push(`g${name}_${m}`);
      }
      rows.push(`${gives.map((m) => `g${name}_${m}`).join(' + ')} = 1`);
      rows.push(`${[...out, `0 y0`].join(' + ')}${gives.map((m) => ` - ${m} g${name}_${m}`).join('')} = 0`);
      rows.push(`${[...out, `0 y0`].join(' + ')} - ${maxUnits} r${name} <= 0`);
      rows.push(
        `${[...into.map(({ l }) => `x${l}_${k}`), '0 y0'].join(' + ')} + ${most} r${name} <= ${most}`,
      );
      // Takes: served first, the rest to stock.
      const need = problem.needs.find((n) => n.store === id && n.sku === sku);
      const inTime = into.filter(({ hours }) => need && hours <= need.dueHours).map(({ l }) => `x${l}_${k}`);
      if (need) {
        objective.push(`+ ${need.value} s${name}`);
        binaries.push(`z${name}`);
        rows.push(`s${name} <= ${need.qty}`);
        rows.push(`s${name}${inTime.map((x) => ` - ${x}`).join('')} <= 0`);
        rows.push(`s${name} - ${need.qty} z${name} >= 0`);
        rows.push(`s${name}${inTime.map((x) => ` - ${x}`).join('')} + ${most} z${name} >= 0`);
      }
      const shelves = Array.from({ length: most + 1 }, (_, m) => m);
      for (const m of shelves) {
        if (position) objective.push(`+ ${referenceStockValue(position, m)} t${name}_${m}`);
        binaries.push(`t${name}_${m}`);
      }
      rows.push(`${shelves.map((m) => `t${name}_${m}`).join(' + ')} = 1`);
      const arrivals = [...into.map(({ l }) => `x${l}_${k}`), '0 y0'].join(' + ');
      rows.push(
        `${arrivals}${need ? ` - s${name}` : ''}${shelves.map((m) => ` - ${m} t${name}_${m}`).join('')} = 0`,
      );
    }
    for (const { l, perUnit } of lanes) {
      objective.push(`- ${perUnit} x${l}_${k}`);
      integers.push(`x${l}_${k}`);
    }
  }
  for (const { l, capacity = 1000 } of lanes) {
    rows.push(`${skus.map((_, k) => `x${l}_${k}`).join(' + ')} - ${capacity} y${l} <= 0`);
  }
  const exact = (text: string): string =>
    text.replaceAll(/(\d(?:\.\d+)?e[+-]?\d+)/g, (number) => Number(number).toFixed(20));
  const text = [
    'Maximize',
    ` obj: ${exact(objective.join('\n '))}`,
    'Subject To',
    ...rows.map((row, i) => ` c${i}: ${row}`),
    'Bounds',
    'Generals',
    ` ${integers.join('\n ')}`,
    'Binaries',
    ` ${binaries.join('\n ')}`,
    'End',
  ].join('\n');
  const solved = highs.solve(text, { output_flag: false, mip_rel_gap: 0, mip_abs_gap: 1e-9 });
  if (solved.Status !== 'Optimal') throw new Error(`reference model: ${solved.Status}`);
  return solved.ObjectiveValue;
}
