/**
 * Every kind of fact that can stand behind an exception or a belief, and every answer that can be proposed. Screens say a fact in the reader's
 * language from its code and params; the English text here is what logs, the hub and integrators read.
 */
import type { Evidence } from './exception.ts';
import { moneyText } from './money.ts';

const units = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;

const english = {
  'record-says': (p: { qty: number }) => `${p.qty} on record`,
  'record-negative': (p: { qty: number }) => `the record says ${p.qty}, which cannot be`,
  'believed-gone': (p: { percent: number }) => `${p.percent} % sure that none is left`,
  'believed-there': (p: { percent: number }) => `${p.percent} % sure that there is one`,
  'believed-more': (p: { mean: number; record: number }) =>
    `about ${p.mean} believed in the store, ${p.record} on record`,
  'no-sale': (p: { hours: number; perDay: number }) =>
    `no sale for ${p.hours} hours, usually ${p.perDay} a day`,
  sells: (p: { perDay: number }) => `sells about ${p.perDay} a day`,
  'runs-out': (p: { percent: number; days: number }) =>
    `${p.percent} % sure to run out within ${p.days} trading days`,
  lasts: (p: { percent: number; days: number }) =>
    `only ${p.percent} % likely to run out within ${p.days} trading days`,
  sold: (p: { qty: number }) => `${p.qty} sold`,
  voided: (p: { qty: number }) => `${p.qty} voided at the till`,
  returned: (p: { qty: number }) => `${p.qty} brought back`,
  delivered: (p: { qty: number }) => `${p.qty} delivered, says the paperwork`,
  'delivered-unknown': () => 'delivered, quantity unknown',
  'moved-in': (p: { qty: number }) => `${p.qty} came from another store`,
  'moved-out': (p: { qty: number }) => `${p.qty} went to another store`,
  counted: (p: { qty: number }) => `${p.qty} counted`,
  'record-set': (p: { qty: number }) => `the record was set to ${p.qty}`,
  'shelf-view': (p: { facings: number; capacity: number }) =>
    `the camera sees ${p.facings} of ${p.capacity} facings filled`,
  picked: (p: { requested: number; found: number }) => `${p.found} of ${p.requested} found for an order`,
  'pick-short': (p: { requested: number; found: number }) =>
    `an order wanted ${p.requested}, only ${p.found} found`,
  wasted: (p: { qty: number }) => `${p.qty} thrown away or used in the store`,
  seen: () => 'somebody saw one',
  'order-ended': (p: { state: string }) => `the order is ${p.state}`,
  'feed-silent': (p: { feed: string; minutes: number }) =>
    `nothing heard from ${p.feed} for ${p.minutes} minutes`,
  'feed-garbled': (p: { feed: string }) => `${p.feed} sends bytes that make no sense`,
  'feed-down': (p: { feed: string; minutes: number }) =>
    `${p.feed} has been unplugged for ${p.minutes} minutes`,
  'ticket-gap': (p: { feed: string; missing: number }) =>
    `${p.missing} tickets are missing in the sequence from ${p.feed}`,
  'feed-back': (p: { feed: string }) => `${p.feed} is heard again`,
  decided: (p: { option: string }) => `the hub decided: ${p.option}`,
  'taken-back': () => 'the count that raised it was taken back',
  'order-misses': (p: { store: string; qty: number }) => `${p.store} misses ${units(p.qty)} for an order`,
  'store-sells': (p: { store: string; perDay: number }) => `${p.store} sells ${p.perDay} a day`,
  'donor-has': (p: { store: string; mean: number; promised: number; perDay: number }) =>
    `${p.store} has about ${p.mean}, ${p.promised} promised, sells ${p.perDay} a day`,
  'donor-sure': (p: { store: string; percent: number; qty: number }) =>
    `${p.store} is ${p.percent} % sure of ${units(p.qty)}`,
  'order-at-stake': (p: { store: string; minor: number; currency: string }) =>
    `if nothing is done, the order at ${p.store} is likely not kept: ${moneyText(p)} at stake`,
  'sales-at-stake': (p: { store: string; minor: number; currency: string }) =>
    `if nothing is done, ${p.store} is expected to lose sales worth ${moneyText(p)} before its next delivery`,
  'transfer-back': (p: { store: string; qty: number }) =>
    `an earlier transfer of ${units(p.qty)} from ${p.store} is taken back`,
  'may-not-approve': (p: { by: string }) => `${p.by} may not approve transfers; a manager has to`,
  'approved-late': (p: { minutes: number }) =>
    `it was approved ${p.minutes} ${p.minutes === 1 ? 'minute' : 'minutes'} after the proposal had ended`,
  'approved-other': (p: { qty: number; proposed: number }) =>
    `${units(p.qty)} were approved, ${p.proposed} were proposed`,
  'over-limit': (p: { minor: number; limit: number; currency: string }) =>
    `${moneyText(p)} are at stake, the limit is ${moneyText({ ...p, minor: p.limit })}`,
  'over-outage-limit': (p: { minor: number; limit: number; currency: string }) =>
    `${moneyText(p)} are at stake, the limit during the outage was ${moneyText({ ...p, minor: p.limit })}`,
  'not-needed': () => 'the units are no longer needed there',
  'donor-cannot': (p: { store: string; free: number; qty: number; promised: number }) =>
    `${p.store} can now surely give ${p.free}, not ${p.qty}: ${p.promised} are promised to others`,
  'approved-elsewhere': (p: { store: string }) => `an earlier proposal was approved by ${p.store}`,
  'units-stay': (p: { store: string }) => `if nothing is done, the units stay at ${p.store}`,
  'option-transfer': (p: { qty: number; store: string; percent: number }) =>
    `Move ${units(p.qty)} from ${p.store} (${p.percent} % sure it has them)`,
  'option-transfer-pausing': (p: { qty: number; store: string; percent: number }) =>
    `Move ${units(p.qty)} from ${p.store} (${p.percent} % sure it has them), and pause the promotion until they are there`,
  'option-count': (p: { store: string }) => `Count it at ${p.store} first`,
  'option-adjust': (p: { store: string; qty: number }) =>
    `Set the record at ${p.store} to ${p.qty} without counting`,
  'option-restock': (p: { store: string }) => `Fill the shelf at ${p.store} from the back room`,
  'option-reassign': (p: { store: string; percent: number; qty: number }) =>
    `Let ${p.store} pick the order (${p.percent} % sure of ${units(p.qty)})`,
  'option-delay': () => 'Promise a later time and tell the customer',
  'option-split': (p: { parts: string; percent: number }) =>
    `Split the order: ${p.parts} (${p.percent} % sure of all)`,
  'option-substitute': (p: { qty: number; name: string; percent: number }) =>
    `Give ${p.qty} x ${p.name} instead (${p.percent} % of customers take it)`,
  'option-quarantine': (p: { qty: number; store: string }) => `Show ${p.qty} online for ${p.store}`,
  'option-expedite': (p: { store: string }) => `Ask the carrier to hurry the goods for ${p.store}`,
  'option-claim': (p: { store: string }) => `Claim the difference from the supplier of ${p.store}`,
  'option-reconcile': () => 'Have finance book the steps that are missing',
  'option-check-feed': (p: { store: string }) => `Have somebody at ${p.store} check the cable`,
  'option-retrain': (p: { store: string }) => `Fit the model of ${p.store} again to its own history`,
} satisfies Readonly<Record<string, (params: never) => string>>;

export type EvidenceCode = keyof typeof english;
/** A code without params takes `{}`. */
export type EvidenceParams<C extends EvidenceCode> =
  Parameters<(typeof english)[C]> extends [infer P] ? P : Readonly<Record<string, never>>;
export const evidenceCodes = Object.keys(english) as readonly EvidenceCode[];

/** @param at when the fact was true or seen, as an instant */
export function evidence<C extends EvidenceCode>(
  code: C,
  params: EvidenceParams<C> & Evidence['params'],
  at: string,
): Evidence {
  const say = english[code] as unknown as (params: EvidenceParams<C>) => string;
  return { code, params, at, text: say(params) };
}
