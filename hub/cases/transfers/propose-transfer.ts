/** From a chosen move to a proposal that both stores see, with the donor's units held for it. */
import { instant, newId, type PolicyBundle, type Transfer } from '@truecount/protocol';
import { putDocument } from '../../intake/index.ts';
import type { CaseWork } from '../case-work.ts';
import { allocate } from '../escrow.ts';
import { strictestAlpha } from '../planning/problem-from-facts.ts';
import type { Candidate } from '../scoring/candidate.ts';
import { type ScoreInputs, storeName } from '../scoring/score-inputs.ts';
import { becauseOf, ifNotOf, sentence, whyOf } from '../scoring/transfer-option.ts';

const HOUR_MS = 3_600_000;

export interface Proposal {
  readonly inputs: ScoreInputs;
  readonly candidate: Candidate;
  readonly others: readonly Candidate[];
  readonly policyHash: string;
}

export type Proposed =
  | { readonly ok: true; readonly transfer: Transfer }
  | { readonly ok: false; readonly reason: string };

export async function proposeTransfer(work: CaseWork, proposal: Proposal): Promise<Proposed> {
  const { action } = proposal.candidate;
  if (action.kind !== 'move-units') return { ok: false, reason: 'the option moves nothing' };
  const transfer = transferFrom(proposal, newId(work.nowMs), work.nowMs);
  const held = await allocate(
    work.tx,
    {
      store: transfer.from,
      sku: transfer.sku,
      qty: transfer.qty,
      owner: `transfer:${transfer.id}`,
      expiresAtMs: Date.parse(transfer.dueAt),
    },
    { alpha: strictestAlpha(proposal.inputs.facts), nowMs: work.nowMs },
  );
  if (!held.ok)
    return {
      ok: false,
      reason: `${transfer.fromName} can surely give ${held.supported - held.promised}, not ${held.asked}`,
    };
  await putDocument(work.tx, 'transfers', transfer, { by: 'hub:cases' });
  await work.tx.query(
    `INSERT INTO case_transfers (id, case_id, donor, receiver, sku, stage, lane_hours, wake_at)
     VALUES ($1, $2, $3, $4, $5, 'proposed', $6, $7)`,
    [
      transfer.id,
      transfer.caseId ?? null,
      transfer.from,
      transfer.to,
      transfer.sku,
      action.laneHours,
      transfer.dueAt,
    ],
  );
  work.tell({
    event: 'transfer-proposed',
    transfer: transfer.id,
    store: transfer.from,
    text: `proposal: ${transfer.qty} x ${transfer.name} from ${transfer.fromName} to ${transfer.toName}; the manager of ${transfer.fromName} decides`,
  });
  work.changed('transfers', 'plan');
  return { ok: true, transfer };
}

export function transferFrom(proposal: Proposal, id: string, nowMs: number): Transfer {
  const { inputs, candidate, others } = proposal;
  const { action } = candidate;
  if (action.kind !== 'move-units') throw new TypeError('a transfer is made from an option that moves units');
  const { entry, facts, policy } = inputs;
  const { currency } = entry.row;
  const money = (minor: number) => ({ minor, currency });
  const why = whyOf(inputs, candidate, instant(nowMs));
  const ifNot = ifNotOf(inputs, candidate, instant(nowMs));
  return {
    id,
    from: action.move.from,
    to: action.move.to,
    fromName: storeName(facts, action.move.from),
    toName: storeName(facts, action.move.to),
    sku: action.move.sku,
    name: (inputs.position?.name ?? entry.row.name ?? action.move.sku).slice(0, 200),
    qty: action.move.qty,
    caseId: entry.row.id,
    ...(entry.order ? { order: entry.order.id } : {}),
    proposedAt: instant(nowMs),
    dueAt: instant(dueAtMs(policy, entry.order?.promisedAt, nowMs)),
    value: money(action.valueMinor),
    cost: money(action.costMinor),
    donorLoss: money(action.donorLossMinor),
    donorConfidence: Math.min(1, action.donorConfidence),
    receiverRisk: Math.min(1, action.receiverRisk),
    because: becauseOf(inputs, candidate, why).slice(0, 500),
    otherwise: ifNot === undefined ? '' : sentence(ifNot.text).slice(0, 500),
    why,
    ...(ifNot === undefined ? {} : { ifNot }),
    alternatives: others.slice(0, 10).map((other) => ({
      option: other.option,
      text: other.text.slice(0, 500),
      what: { ...other.said, at: instant(nowMs), text: other.text.slice(0, 500) },
      value: money(other.expectedMinor),
      successProbability: Math.max(0, Math.min(1, other.successProbability)),
    })),
    policyVersion: proposal.policyHash,
  };
}

/** A proposal for an order that is promised earlier than proposals usually live ends with the promise. */
function dueAtMs(policy: PolicyBundle, promisedAt: string | undefined, nowMs: number): number {
  const usual = nowMs + policy.approvals.proposalHours * HOUR_MS;
  if (promisedAt === undefined) return usual;
  return Math.max(Math.min(usual, Date.parse(promisedAt)), nowMs + HOUR_MS / 2);
}
