/**
 * `truecount explain SKU`: the belief as a small text chart, what each piece of evidence did to it, and what would have
 * made the record wrong.
 */
import type { Belief, Explanation, Position } from '@truecount/device/belief';
import { likelyCauses } from '@truecount/device/exceptions';
import { experiencedRanker, rankCauses } from '@truecount/device/learning';
import type { RankedCause } from '@truecount/protocol';
import { Command } from 'commander';
import { foldFile, readParameters } from './fold-file.ts';

interface ExplainOptions {
  readonly json?: boolean;
  readonly parameters?: string;
}

export function explainCommand(): Command {
  return new Command('explain')
    .description('the belief about one SKU and what each piece of evidence did to it')
    .argument('<sku>', 'the SKU')
    .argument('[file]', 'observations (NDJSON); - or nothing reads stdin', '-')
    .option('--json', 'one JSON object instead of text')
    .option('--parameters <file>', 'learned parameters, as "truecount learn" writes them')
    .action(explainSku);
}

class UnknownSkuError extends Error {
  readonly code = 'BELIEF_UNKNOWN_SKU';
}

async function explainSku(sku: string, file: string, options: ExplainOptions): Promise<void> {
  const { belief } = await foldFile(file, await readParameters(options.parameters));
  const explanation = belief.explain(sku);
  if (explanation === undefined)
    throw new UnknownSkuError(
      `no observation of SKU "${sku}": check its spelling (${belief.skus().length} SKUs were heard of)`,
    );
  const causes = causesOf(belief, sku);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ...explanation, causes })}\n`);
  else process.stdout.write(`${asText(explanation, causes, belief.catalog(sku)?.name)}\n`);
}

/** By experience alone: what a store's people have taught it since is the agent's. */
function causesOf(belief: Belief, sku: string): readonly RankedCause[] {
  const signs = belief.signs(sku);
  if (signs === undefined) return [];
  const ranked = rankCauses(experiencedRanker(), signs);
  return likelyCauses({ ranked, signs: { ...signs } }).cause ?? [];
}

function asText(
  { position, evidence }: Explanation,
  causes: readonly RankedCause[],
  name: string | undefined,
): string {
  const percent = (share: number): string =>
    `${(100 * share).toFixed(share > 0.995 || share < 0.005 ? 2 : 0)} %`;
  const said = position.record === null ? 'no record' : `${position.record} on record`;
  return [
    `${position.sku}${name === undefined ? '' : ` (${name})`} at ${position.t}`,
    `${said}, ${percent(position.confidence)} sure there is at least one; expected ${position.mean.toFixed(1)}, 90 % between ${position.p05} and ${position.p95}; demand ${position.rate.toFixed(2)} a day`,
    '',
    ...chart(position),
    '',
    ...evidence.map((piece) => `${piece.t.slice(0, 16).replace('T', ' ')}  ${piece.line}`),
    '',
    `if the record is wrong: ${causes.map(({ text, probability }) => `${text} (${percent(probability)})`).join(', ')}`,
  ].join('\n');
}

const WIDTH = 50;
const ROWS = 14;

/** Bars of P(on-hand = n), neighbours joined when there are many. */
function chart({ pmf, p05, p95 }: Position): string[] {
  const low = p05 <= ROWS ? 0 : p05;
  const high = Math.max(p95, low) + 2;
  const step = Math.max(1, Math.ceil((high - low + 1) / ROWS));
  const bars: { label: string; share: number }[] = [];
  if (low > 0) bars.push({ label: '0', share: pmf[0] ?? 0 });
  for (let n = low; n <= high; n += n === 0 ? 1 : step) {
    const end = n === 0 ? 1 : Math.min(n + step, high + 1);
    const share = pmf.slice(n, end).reduce((sum, p) => sum + p, 0);
    bars.push({ label: end - n > 1 ? `${n}-${end - 1}` : String(n), share });
  }
  const top = Math.max(...bars.map((bar) => bar.share), 1e-9);
  return bars.map(
    ({ label, share }) =>
      `${label.padStart(9)} ${'#'.repeat(Math.round((WIDTH * share) / top)).padEnd(WIDTH)} ${(100 * share).toFixed(1)} %`,
  );
}
