/** Speed as ratios within one run, so that they mean the same on every machine. */
import { createBelief, Replay } from '@truecount/device/belief';
import { parseObservation } from '@truecount/protocol';
import { median } from '../twin/metrics.ts';
import { collectGarbage } from './collect-garbage.ts';

const SKUS = 30_000;
const START = Date.parse('2026-03-02T00:00:00.000Z');
const HOUR = 3_600_000;
const DAYS = 16;

/** Processor time of this process. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
const instant = (ms: number): string => new Date(ms).toISOString();

export async function speed(): Promise<string[]> {
  const lines = ['', 'speed'];
  lines.push(...sweep());
  lines.push(dayEnds());
  lines.push(...replay());
  return lines;
}

function sweep(): string[] {
  const held = (): number => {
    collectGarbage();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = held();
  const belief = createBelief({ historyLimit: 100_000 });
  for (let i = 0; i < SKUS; i++)
    belief.observe({ type: 'record', t: instant(START + 7 * HOUR), sku: `sku-${i}`, qty: 4 + (i % 24) });
  belief.advance(instant(START + 30 * HOUR));
  belief.advance(instant(START + 54 * HOUR));
  const bytes = belief.health.bytes;
  const source = new Float32Array(bytes / 4).fill(0.5);
  const target = new Float32Array(source.length);
  const sweeps: number[] = [];
  const passes: number[] = [];
  // Turn by turn and in processor time: whatever else the machine does then says little about the ratio.
  for (let day = 3; day < 3 + DAYS; day++) {
    sweeps.push(cpuMs(() => belief.advance(instant(START + (day * 24 + 6) * HOUR))));
    passes.push(
      cpuMs(() => {
        for (let i = 0; i < source.length; i++) target[i] = (source[i] as number) * 0.999;
      }),
    );
  }
  const sweepMs = median(sweeps);
  const meanMs = sweeps.reduce((a, b) => a + b) / DAYS;
  // Demand drifts and priors are fitted every fourth day; the first such days also compile the program.
  const dearest = Math.max(...[0, 1, 2, 3].map((of) => median(sweeps.filter((_, i) => i % 4 === of))));
  const passMs = median(passes);
  const resident = held() - before;
  return [
    `  a silent day for ${SKUS} SKUs: ${sweepMs.toFixed(1)} ms, one copy-and-multiply pass over the same ${(bytes / 1e6).toFixed(1)} MB: ${passMs.toFixed(1)} ms, ratio ${(sweepMs / passMs).toFixed(2)} (mean of all days, drift and priors included: ${(meanMs / passMs).toFixed(2)}; the dearest of four: ${(dearest / passMs).toFixed(2)})`,
    `  beliefs ${(bytes / SKUS).toFixed(0)} bytes per SKU; ${(resident / 1e6).toFixed(0)} MB held with snapshots, evidence, names and history`,
  ];
}

/** The turns of the event loop in which the agent ends a day with many sales. */
function dayEnds(): string {
  const sales = 20_000;
  const random = uniform();
  const belief = createBelief({ historyLimit: 100_000 });
  for (let i = 0; i < SKUS; i++)
    belief.observe({ type: 'record', t: instant(START + 7 * HOUR), sku: `sku-${i}`, qty: 4 + (i % 24) });
  const longest: number[] = [];
  const whole: number[] = [];
  for (let day = 1; day <= DAYS; day++) {
    const opensMs = START + (24 * day + 8) * HOUR;
    for (let i = 0; i < sales; i++) {
      const sku = `sku-${Math.floor(random() * random() * SKUS)}`;
      belief.observe({
        type: 'sale',
        t: instant(opensMs + Math.floor((i * 13 * HOUR) / sales)),
        sku,
        qty: 1,
      });
    }
    belief.advance(instant(opensMs + 15.5 * HOUR));
    const turns = [cpuMs(() => belief.advance(instant(opensMs + 16.5 * HOUR)))];
    const closing = { isOver: false };
    while (!closing.isOver)
      turns.push(
        cpuMs(() => {
          closing.isOver = belief.closeSome(1024);
        }),
      );
    longest.push(Math.max(...turns));
    whole.push(turns.reduce((a, b) => a + b));
  }
  return `  the end of a day with ${sales} sales among ${SKUS} SKUs: ${median(whole).toFixed(0)} ms, its longest turn ${median(longest).toFixed(1)} ms (medians of ${DAYS} days)`;
}

/** Numbers from 0 to 1, always the same. */
function uniform(): () => number {
  let state = 1;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
}

function replay(): string[] {
  const lines: string[] = [];
  const random = uniform();
  for (let i = 0; i < 1500; i++)
    lines.push(
      JSON.stringify({
        t: instant(START + 7 * HOUR),
        type: 'record',
        sku: `sku-${i}`,
        qty: Math.floor(random() * 40),
      }),
    );
  const count = 300_000;
  for (let i = 0; i < count; i++) {
    const t = instant(START + 8 * HOUR + Math.floor((i * 20 * 24 * HOUR) / count));
    const sku = `sku-${Math.floor(random() * random() * 1500)}`;
    const dice = random();
    lines.push(
      JSON.stringify(
        dice < 0.92
          ? { t, type: 'sale', sku, qty: 1 + Math.floor(random() * 2), till: '1', ticket: String(i) }
          : dice < 0.97
            ? { t, type: 'receipt', sku, qty: 12 }
            : { t, type: 'shelf', sku, facings: 3, capacity: 6 },
      ),
    );
  }
  let characters = 0;
  let parseMs = 0;
  let foldMs = 0;
  const fold = new Replay(createBelief(), parseObservation);
  // Blocks by turns: whatever else the machine does then hits both alike.
  for (let from = 0; from < lines.length; from += 5000) {
    const block = lines.slice(from, from + 5000);
    const bytes = Buffer.from(`${block.join('\n')}\n`);
    const started = performance.now();
    for (const line of block) characters += (JSON.parse(line) as { t: string }).t.length;
    const parsed = performance.now();
    fold.feed(bytes);
    while (fold.next() !== undefined);
    parseMs += parsed - started;
    foldMs += performance.now() - parsed;
  }
  return [
    `  replay of ${lines.length} lines: ${foldMs.toFixed(0)} ms (${((1000 * foldMs) / lines.length).toFixed(2)} us a line), JSON.parse alone ${parseMs.toFixed(0)} ms, ratio ${(foldMs / parseMs).toFixed(2)} (${characters} characters of instants)`,
  ];
}
