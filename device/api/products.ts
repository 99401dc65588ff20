/** Products as screens see them, and how they are found by name, SKU, GTIN or a raw scan. */
import {
  evidence,
  type Evidence,
  type Money,
  type ProductMatch,
  type ProductRef,
  type ProductView,
  moneyOf,
} from '@truecount/protocol';
import { promisable } from './actions/promise.ts';
import type { AgentPort } from './ports.ts';

const MAX_MATCHES = 20;
const MAX_EVIDENCE = 12;
/** A promise to a customer holds in at least 19 of 20 cases. */
const PROMISE_TARGET = 0.95;

export function productRef(agent: AgentPort, sku: string): ProductRef {
  const known = agent.belief().catalog(sku);
  return {
    sku,
    name: known?.name ?? sku,
    ...(known?.place === undefined ? {} : { place: known.place }),
    ...(known?.gtin === undefined ? {} : { gtin: known.gtin }),
    ...(known?.category === undefined ? {} : { category: known.category }),
  };
}

const priceOf = (agent: AgentPort, sku: string): Money =>
  moneyOf(agent.belief().catalog(sku)?.price ?? 0, agent.store.currency);

export function productMatch(agent: AgentPort, sku: string): ProductMatch {
  const position = agent.belief().position(sku);
  return {
    product: productRef(agent, sku),
    record: position?.record ?? 0,
    confidence: position?.confidence ?? 0,
  };
}

const plain = (text: string): string => text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();

/** GTIN of a plain code, a GS1 element string or a GS1 Digital Link, padded to 14 digits. */
function gtinIn(text: string): string | undefined {
  const digits = /^(?:\](?:E0|E4|d1|d2|C1|Q1|Q3|e0|I1))?(?:\(?01\)?(\d{14})|(\d{8}|\d{12,14})$)/.exec(
    text.trim(),
  );
  const link = /\/01\/(\d{8,14})(?:[/?#]|$)/.exec(text);
  const found = digits?.[1] ?? digits?.[2] ?? link?.[1];
  return found?.padStart(14, '0');
}

/** Best first: the exact SKU or GTIN, then names that begin with the words, then names that hold them. */
export function searchProducts(agent: AgentPort, query: string): readonly ProductMatch[] {
  const belief = agent.belief();
  const text = query.trim();
  if (text === '') return [];
  if (belief.position(text) !== undefined) return [productMatch(agent, text)];
  const gtin = gtinIn(text);
  const words = plain(text).split(/\s+/);
  const starts: string[] = [];
  const holds: string[] = [];
  for (const sku of belief.skus()) {
    const known = belief.catalog(sku);
    if (gtin !== undefined && known?.gtin === gtin) return [productMatch(agent, sku)];
    const name = plain(`${known?.name ?? ''} ${sku}`);
    if (!words.every((word) => name.includes(word))) continue;
    (name.startsWith(words[0] ?? '') ? starts : holds).push(sku);
  }
  return [...starts, ...holds].slice(0, MAX_MATCHES).map((sku) => productMatch(agent, sku));
}

export async function productView(agent: AgentPort, sku: string): Promise<ProductView | undefined> {
  const position = agent.belief().position(sku);
  if (position === undefined) return undefined;
  const open = await agent.collections.exceptions.find({ selector: { state: 'open', sku } }).exec();
  return {
    product: productRef(agent, sku),
    now: new Date(agent.clock.now()).toISOString(),
    record: position.record ?? 0,
    confidence: position.confidence,
    mean: position.mean,
    p05: position.p05,
    p95: position.p95,
    rate: position.rate,
    pmf: [...position.pmf],
    promisable: await promisable(agent, sku),
    canPromise: agent.belief().atp(sku, PROMISE_TARGET, 0) >= 1,
    price: priceOf(agent, sku),
    evidence: [...agent.heard(sku, MAX_EVIDENCE)],
    exceptions: open.map(({ id, kind, detectedAt, evidence: why }) => ({
      id,
      kind,
      detectedAt,
      why: [...why],
    })),
  };
}

/** The reason of a task that has no exception behind it. */
export const believed = (confidence: number, at: string): Evidence =>
  evidence('believed-there', { percent: Math.round(confidence * 100) }, at);
