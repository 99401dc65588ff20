/**
 * Real sales histories. FreshRetailNet (Dingdong, CC BY 4.0): hourly sales of fresh goods with the hourly
 * out-of-stock truth, which is hidden from the filter. UCI Online Retail (CC BY 4.0): whole ledgers, in which
 * stock is silently set to zero at a random day and the sales after it are suppressed.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createBelief } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { Baselines } from '../twin/baselines.ts';
import { areaUnderRoc, averagePrecision, brier, median, type Scored } from '../twin/metrics.ts';
import { Random } from '../twin/random.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export async function realHistories(folder: string): Promise<string[]> {
  const fresh = gunzipSync(await readFile(join(folder, 'freshretailnet/dev_city00.csv.gz'))).toString('utf8');
  const uci = gunzipSync(await readFile(join(folder, 'uci-online-retail/dev.csv.gz'))).toString('utf8');
  return [...freshRetail(fresh), ...injectedPhantoms(uci)];
}

interface FreshDay {
  readonly day: number;
  readonly product: string;
  readonly sales: readonly number[];
  readonly out: string;
}

const ASKED = [14, 18] as const;
const LAST_DAYS = 30;

function freshRetail(csv: string): string[] {
  const stores = new Map<string, FreshDay[]>();
  for (const line of csv.trim().split('\n').slice(1)) {
    const cells = line.split(',');
    const [store, product] = cells as [string, string];
    const row = {
      day: Date.parse(cells[5] as string),
      product,
      sales: (cells[12] as string).split(' ').map((v) => Math.round(Number(v) * 10)),
      out: cells[13] as string,
    };
    const rows = stores.get(store);
    if (rows === undefined) stores.set(store, [row]);
    else rows.push(row);
  }
  const scored = { 14: [] as Scored[], 18: [] as Scored[] };
  for (const rows of stores.values()) freshStore(rows, scored);
  return [
    '',
    'FreshRetailNet, P(out of stock) over the last 30 days, hidden flags as truth (base: the constant of the period)',
    ...ASKED.map((hour) => {
      const items = scored[hour];
      const share = items.filter((item) => item.outcome).length / items.length;
      return `  at ${hour} h: ${items.length} questions, out ${(100 * share).toFixed(1)} %, AUC ${areaUnderRoc(items).toFixed(3)}, AP ${averagePrecision(items).toFixed(3)}, Brier ${brier(items).toFixed(3)} (constant ${(share * (1 - share)).toFixed(3)})`;
    }),
  ];
}

function freshStore(rows: readonly FreshDay[], scored: Record<14 | 18, Scored[]>): void {
  const belief = createBelief();
  const days = [...new Set(rows.map((row) => row.day))].sort((a, b) => a - b);
  const lastDays = new Set(days.slice(-LAST_DAYS));
  for (const day of days) {
    const today = rows.filter((row) => row.day === day);
    const at = (hour: number): string => new Date(day + hour * HOUR).toISOString();
    for (const row of today) belief.observe({ type: 'receipt', t: at(5.5), sku: row.product });
    belief.observe({ type: 'open', t: at(6) });
    for (let hour = 0; hour < 24; hour++) {
      if ((hour === 14 || hour === 18) && lastDays.has(day)) {
        belief.advance(at(hour));
        for (const row of today)
          scored[hour].push({
            score: belief.position(row.product)?.p0 ?? 0.5,
            outcome: row.out[hour] === '1',
          });
      }
      for (const row of today) {
        const units = row.sales[hour] as number;
        for (let i = 0; i < units; i++)
          belief.observe({ type: 'sale', t: at(hour + (i + 0.5) / units), sku: row.product, qty: 1 });
      }
    }
    belief.observe({ type: 'close', t: at(23.9) });
  }
}

interface Line {
  readonly sku: string;
  readonly t: number;
  readonly qty: number;
}

const RECORD = 60;

function injectedPhantoms(csv: string): string[] {
  const lines = csv
    .trim()
    .split('\n')
    .slice(1)
    .map(uciLine)
    .filter((line) => line !== undefined);
  lines.sort((a, b) => a.t - b.t);
  const first = Math.floor((lines[0]?.t ?? 0) / DAY) * DAY;
  const weeks = Math.floor(((lines.at(-1)?.t ?? 0) - first) / (7 * DAY));
  const random = new Random(77);
  const skus = [...new Set(lines.map((line) => line.sku))];
  const emptyFrom = new Map<string, number>();
  for (const sku of skus)
    if (random.chance(0.3)) emptyFrom.set(sku, first + random.integer(10, weeks - 6) * 7 * DAY);
  return judgeInjected({ lines, first, weeks, skus, emptyFrom });
}

interface Injected {
  readonly lines: readonly Line[];
  readonly first: number;
  readonly weeks: number;
  readonly skus: readonly string[];
  readonly emptyFrom: ReadonlyMap<string, number>;
}

function judgeInjected({ lines, first, weeks, skus, emptyFrom }: Injected): string[] {
  const belief = createBelief();
  const baselines = new Baselines();
  const tell = (observation: Observation): void => {
    belief.observe(observation);
    baselines.observe(observation);
  };
  const iso = (ms: number): string => new Date(ms).toISOString();
  for (const sku of skus) tell({ type: 'record', t: iso(first), sku, qty: RECORD });
  const stock = new Map(skus.map((sku) => [sku, RECORD]));
  const flagged = { belief: new Map<string, number>(), rule: new Map<string, number>() };
  let falseBelief = 0;
  let falseRule = 0;
  let skuWeeks = 0;
  const scored: Scored[] = [];
  const ruled: Scored[] = [];
  let at = 0;
  for (let day = first; day < first + weeks * 7 * DAY; day += DAY) {
    for (; at < lines.length && (lines[at] as Line).t < day + DAY; at++) {
      const { sku, t, qty } = lines[at] as Line;
      if (t >= (emptyFrom.get(sku) ?? Number.POSITIVE_INFINITY)) continue;
      const units = Math.min(qty, 100);
      // The wholesaler reorders by its record whenever it gets low.
      if ((stock.get(sku) as number) < units + 12) {
        tell({ type: 'receipt', t: iso(t - 1), sku, qty: 60 + units });
        stock.set(sku, (stock.get(sku) as number) + 60 + units);
      }
      tell({ type: 'sale', t: iso(t), sku, qty: units });
      stock.set(sku, (stock.get(sku) as number) - units);
    }
    tell({ type: 'close', t: iso(day + 20 * HOUR) });
    if ((day - first) % (7 * DAY) !== 0 || day < first + 8 * 7 * DAY) continue;
    for (const sku of skus) {
      const isEmpty = day >= (emptyFrom.get(sku) ?? Number.POSITIVE_INFINITY);
      const p0 = belief.position(sku)?.p0 ?? 0;
      const gap = baselines.scores(sku).gapFactor;
      scored.push({ score: p0, outcome: isEmpty });
      ruled.push({ score: gap, outcome: isEmpty });
      if (!isEmpty) skuWeeks++;
      if (p0 > 0.9) {
        if (!isEmpty) falseBelief++;
        else if (!flagged.belief.has(sku))
          flagged.belief.set(sku, (day - (emptyFrom.get(sku) as number)) / DAY);
      }
      if (gap > 5) {
        if (!isEmpty) falseRule++;
        else if (!flagged.rule.has(sku)) flagged.rule.set(sku, (day - (emptyFrom.get(sku) as number)) / DAY);
      }
    }
  }
  const report = (name: string, found: ReadonlyMap<string, number>, wrong: number, ap: number): string =>
    `  ${name.padEnd(28)} found ${found.size} of ${emptyFrom.size}, median delay ${median([...found.values()]).toFixed(0)} days, ${((1000 * wrong) / skuWeeks).toFixed(1)} false alarms per 1,000 SKU-weeks, AP ${ap.toFixed(3)}`;
  return [
    '',
    `UCI ledgers, ${skus.length} SKUs, ${weeks} weeks, stock silently gone for ${emptyFrom.size}`,
    report('belief, P(empty) > 0.9', flagged.belief, falseBelief, averagePrecision(scored)),
    report('silence > 5 expected gaps', flagged.rule, falseRule, averagePrecision(ruled)),
  ];
}

function uciLine(text: string): Line | undefined {
  const [, sku, , qty, when] = cellsOf(text);
  const units = Number(qty);
  const t = Date.parse(`${String(when).replace(' ', 'T')}Z`);
  return sku === undefined || !(units > 0) || Number.isNaN(t) ? undefined : { sku, t, qty: units };
}

/** One CSV line with quoted cells. */
function cellsOf(text: string): string[] {
  const cells: string[] = [];
  for (const match of text.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g))
    cells.push((match[1] ?? '').replace(/^"|"$/g, ''));
  return cells;
}
