/**
 * A transfer as both stores see it now, against what the hub has noted: judges a decision that has not been judged,
 * logs steps that have not been logged, ends what is over. Level-triggered: parts may arrive in any order, twice, or
 * after the proposal's time, and the result is the same.
 *
 * proposed -> (accepted -> picked -> shipped -> received -> closed) | refused | declined | expired | withdrawn
 */
import { type Evidence, evidence, type Exception, instant, type Transfer } from '@truecount/protocol';
import type { PolicyInForce } from '../../governance/index.ts';
import { getDocument, updateDocument } from '../../intake/index.ts';
import { type CaseRow, lockCase, moveCase } from '../case-rows.ts';
import type { CaseWork } from '../case-work.ts';
import { allocate, release } from '../escrow.ts';
import { unitsText } from '../figures.ts';
import { endMeanwhile } from '../end-meanwhile.ts';
import { withdrawTransfer } from '../withdraw.ts';
import { judgeApproval, type Verdict } from './judge-decision.ts';
import { findTransfer, noteTransfer, type TransferRow, transfersOfCase } from './transfer-rows.ts';

const HOUR_MS = 3_600_000;
/** From approval to the parcel: a trading morning. */
const SHIP_WITHIN_MS = 4 * HOUR_MS;
/** Beyond the lane's own time. */
const RECEIVE_SLACK_MS = 8 * HOUR_MS;

export interface TransferContext {
  readonly policyOf: (work: CaseWork, store: string) => Promise<PolicyInForce>;
  /** How long the store has had no route to the hub at that instant; undefined when it had one. */
  readonly outageMsAt: (work: CaseWork, store: string, at: string) => Promise<number | undefined>;
  /** Raises a hub-found exception; a second one with the same id changes nothing. */
  readonly raise: (work: CaseWork, exception: Exception) => Promise<void>;
}

interface Look {
  readonly work: CaseWork;
  readonly context: TransferContext;
  readonly transfer: Transfer;
  row: TransferRow;
  kase: CaseRow | undefined;
}

export async function lookAtTransfer(work: CaseWork, id: string, context: TransferContext): Promise<void> {
  const seen = await findTransfer(work.tx, id);
  if (!seen) return;
  const kase = seen.case_id === null ? undefined : await lockCase(work, seen.case_id);
  const [row, stored] = [await findTransfer(work.tx, id), await getDocument(work.tx, 'transfers', id)];
  if (!row || !stored) return;
  const look: Look = { work, context, transfer: stored.document, row, kase };
  await judge(look);
  await followSteps(look);
  await watchTheClock(look);
}

async function judge(look: Look): Promise<void> {
  const { work, transfer, row } = look;
  const decision = transfer.donor?.decision;
  if (!decision || !['waiting', 'expired', 'withdrawn'].includes(row.judged)) return;
  const who = `${decision.by} (${decision.role}, ${transfer.fromName})`;
  if (decision.verdict === 'decline') {
    await end(look, 'declined', 'declined');
    await advance(look, 'decline', {
      actor: who,
      text: `${who} declined${decision.reason === undefined ? '' : `: ${decision.reason}`}`,
    });
    return reopen(look, 'looking for another answer');
  }
  await supersede(look);
  const goodsMoved = transfer.donor?.shipped !== undefined || transfer.receiver?.received !== undefined;
  const policy = await look.context.policyOf(work, transfer.from);
  const verdict = judgeApproval({
    transfer,
    decision,
    policy: policy.bundle,
    outageMs: decision.offline ? await look.context.outageMsAt(work, transfer.from, decision.at) : undefined,
    isWanted: row.judged !== 'withdrawn' && look.kase?.state !== 'resolved',
    stock: goodsMoved ? { ok: true } : await hold(look, decision.qty, policy),
  });
  if (!verdict.ok && !goodsMoved) return refuse(look, who, verdict.why);
  await noteAccepted(look, who, verdict.ok ? undefined : verdict.why.text);
}

/**
 * Of several proposals for one case the first one that is approved counts: a newer one, made because this one seemed
 * forgotten, gives its units back before they are held here.
 */
async function supersede({ work, kase, transfer }: Look): Promise<void> {
  const why = evidence('approved-elsewhere', { store: transfer.fromName }, instant(work.nowMs));
  for (const other of kase ? await transfersOfCase(work.tx, kase.id) : [])
    if (other.id !== transfer.id && other.is_live && other.judged === 'waiting')
      await withdrawTransfer(work, other, why.text, { why });
}

/** Holds the approved units again: after an outage others may have been promised them. */
async function hold({ work, transfer }: Look, qty: number, policy: PolicyInForce): Promise<Verdict> {
  const held = await allocate(
    work.tx,
    {
      store: transfer.from,
      sku: transfer.sku,
      qty,
      owner: `transfer:${transfer.id}`,
      expiresAtMs: work.nowMs + SHIP_WITHIN_MS * 2,
    },
    { alpha: policy.bundle.planner.alpha, nowMs: work.nowMs },
  );
  if (held.ok) return { ok: true };
  const { promised } = held;
  const free = Math.max(0, held.supported - promised);
  const params = { store: transfer.fromName, free, qty, promised };
  return { ok: false, why: evidence('donor-cannot', params, instant(work.nowMs)) };
}

async function refuse(look: Look, who: string, why: Evidence): Promise<void> {
  const { work, transfer } = look;
  const reason = why.text;
  const refused = { at: instant(work.nowMs), reason, why };
  await setHubPart(look, { refused });
  await end(look, 'refused', 'refused');
  await advance(look, 'fail', { actor: 'hub', text: `the approval by ${who} was refused: ${reason}` });
  work.tell({
    event: 'transfer-refused',
    transfer: transfer.id,
    text: `refused: ${transfer.qty} x ${transfer.name} from ${transfer.fromName}: ${reason}`,
  });
  await reopen(look, 'looking for another answer');
}

async function noteAccepted(look: Look, who: string, breach: string | undefined): Promise<void> {
  const { work, transfer } = look;
  const qty = transfer.donor?.decision?.qty ?? transfer.qty;
  look.row = await noteTransfer(work, look.row, {
    judged: 'accepted',
    stage: 'approved',
    isLive: true,
    wakeAtMs: work.nowMs + SHIP_WITHIN_MS,
  });
  const text = `${who} approved ${unitsText(qty)}${breach === undefined ? '' : `, against the policy: ${breach}; the goods had already left`}`;
  await advance(look, 'approve', { actor: who, text, detail: transfer.donor?.decision });
  await advance(look, 'act', {
    actor: 'hub',
    text: `${transfer.fromName} picks and ships ${unitsText(qty)}`,
  });
  work.tell({
    event: 'transfer-approved',
    transfer: transfer.id,
    text: `approved: ${qty} x ${transfer.name} from ${transfer.fromName} to ${transfer.toName} by ${who}`,
  });
  if (breach !== undefined) await raiseFailure(look, 'breach', breach);
}

async function followSteps(look: Look): Promise<void> {
  const { transfer, row } = look;
  if (!row.is_live || row.judged !== 'accepted') return;
  const agreed = transfer.donor?.decision?.qty ?? transfer.qty;
  const { picked, shipped } = transfer.donor ?? {};
  const received = transfer.receiver?.received;
  if (picked && rank(look.row.stage) < rank('picked')) {
    await step(look, 'picked', `${transfer.fromName} picked ${picked.qty} of ${agreed}`);
    if (picked.qty === 0) return undelivered(look, agreed);
    if (picked.qty < agreed) await reopen(look, `${agreed - picked.qty} short: planning the rest anew`);
  }
  if (shipped && rank(look.row.stage) < rank('shipped')) {
    await release(look.work.tx, `transfer:${transfer.id}`, { nowMs: look.work.nowMs, reason: 'shipped' });
    await step(look, 'shipped', `${transfer.fromName} shipped ${shipped.qty}`);
    look.row = await noteTransfer(look.work, look.row, {
      wakeAtMs: look.work.nowMs + look.row.lane_hours * HOUR_MS + RECEIVE_SLACK_MS,
    });
  }
  if (received && rank(look.row.stage) < rank('received'))
    await step(look, 'received', `${transfer.toName} received ${received.qty}`);
  // Without the donor's part the hub cannot say yet whether something is missing; the clock ends the wait.
  if (received && shipped) await close(look, Math.max(0, shipped.qty - received.qty));
}

async function step(look: Look, stage: 'picked' | 'shipped' | 'received', text: string): Promise<void> {
  const { work, transfer } = look;
  look.row = await noteTransfer(work, look.row, { stage });
  work.audit({
    actor: stage === 'received' ? `store ${transfer.to}` : `store ${transfer.from}`,
    action: `transfer.${stage}`,
    subject: look.kase ? `case:${look.kase.id}` : `transfer:${transfer.id}`,
    text,
    detail: { transfer: transfer.id },
  });
  work.tell({ event: `transfer-${stage}`, transfer: transfer.id, text: `${transfer.name}: ${text}` });
}

async function undelivered(look: Look, agreed: number): Promise<void> {
  const { transfer } = look;
  await setHubPart(look, { closed: { at: instant(look.work.nowMs), shortUnits: agreed } });
  await end(look, 'undelivered', 'closed');
  await advance(look, 'fail', { actor: `store ${transfer.from}`, text: `${transfer.fromName} found none` });
  await reopen(look, 'looking for another answer');
}

async function close(look: Look, shortUnits: number): Promise<void> {
  const { work, transfer } = look;
  await setHubPart(look, { closed: { at: instant(work.nowMs), shortUnits } });
  await end(look, 'accepted', 'closed');
  const others = look.kase ? await transfersOfCase(work.tx, look.kase.id) : [];
  const text =
    shortUnits === 0
      ? `${transfer.toName} has the units`
      : `${transfer.toName} received ${unitsText(shortUnits)} less than was shipped`;
  if (!others.some(({ is_live }) => is_live))
    await advance(look, 'succeed', { actor: `store ${transfer.to}`, text });
  work.tell({ event: 'transfer-closed', transfer: transfer.id, text: `${transfer.name}: ${text}` });
  if (shortUnits > 0) await raiseFailure(look, 'short', text);
}

async function watchTheClock(look: Look): Promise<void> {
  const { work, transfer, row } = look;
  if (row.judged === 'waiting' && work.nowMs >= Date.parse(transfer.dueAt)) {
    await setHubPart(look, { expired: { at: instant(work.nowMs) } });
    await end(look, 'expired', 'expired');
    await advance(look, 'expire', { actor: 'hub', text: `nobody at ${transfer.fromName} decided in time` });
    return reopen(look, 'scoring again');
  }
  if (!row.is_live || row.judged !== 'accepted' || row.wake_at === null) return;
  if (work.nowMs < Date.parse(row.wake_at)) return;
  look.row = await noteTransfer(work, row, { wakeAtMs: null });
  const received = transfer.receiver?.received;
  if (received) return close(look, 0);
  const late = transfer.donor?.shipped
    ? `${transfer.toName} has not received what ${transfer.fromName} shipped`
    : `${transfer.fromName} has not shipped what it approved`;
  await raiseFailure(look, 'late', late);
}

async function end(look: Look, judged: TransferRow['judged'], stage: TransferRow['stage']): Promise<void> {
  const { work, transfer } = look;
  await release(work.tx, `transfer:${transfer.id}`, { nowMs: work.nowMs, reason: judged });
  look.row = await noteTransfer(work, look.row, { judged, stage, isLive: false, wakeAtMs: null });
  await endMeanwhile(work, transfer.id, `the transfer is ${stage}`);
}

async function advance(
  look: Look,
  event: 'approve' | 'decline' | 'fail' | 'act' | 'succeed' | 'expire',
  move: { readonly actor: string; readonly text: string; readonly detail?: unknown },
): Promise<void> {
  if (look.kase)
    look.kase = await moveCase(look.work, look.kase, {
      event,
      source: `transfer ${look.transfer.id}`,
      ...move,
    });
}

async function reopen(look: Look, text: string): Promise<void> {
  if (look.kase)
    look.kase = await moveCase(look.work, look.kase, {
      event: 'reopen',
      actor: 'hub',
      text,
      set: { wantsScore: true },
    });
}

async function setHubPart(look: Look, part: NonNullable<Transfer['hub']>): Promise<void> {
  await updateDocument(
    look.work.tx,
    'transfers',
    look.transfer.id,
    (current) => ({ ...current, hub: { ...current.hub, ...part } }),
    { by: 'hub:cases' },
  );
}

/** Both managers hear of it as a case of its own. */
async function raiseFailure(look: Look, what: string, text: string): Promise<void> {
  const { work, transfer, context } = look;
  const at = instant(work.nowMs);
  await context.raise(work, {
    id: failureId(transfer.id, what),
    kind: 'transfer-failed',
    store: transfer.to,
    sku: transfer.sku,
    name: transfer.name,
    transfer: transfer.id,
    detectedAt: at,
    dueAt: instant(work.nowMs + 4 * HOUR_MS),
    updatedAt: at,
    confidence: 1,
    exposure: transfer.value,
    evidence: [{ code: `transfer-${what}`, params: {}, at, text }],
    owner: 'manager',
    state: 'open',
    policyVersion: transfer.policyVersion,
    modelVersion: 'hub',
  });
}

/** The same failure of the same transfer is the same exception. */
const failureId = (transferId: string, what: string): string => `${transferId}|${what}`;

const order = ['proposed', 'approved', 'picked', 'shipped', 'received', 'closed'] as const;
const rank = (stage: TransferRow['stage']): number => order.findIndex((known) => known === stage);
