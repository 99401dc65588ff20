/** The stores' staff, from configuration: signed, expiring grants that work offline, renewed well before they end. */
import { type Clock, instant, type Role, type StaffGrant } from '@truecount/protocol';
import { canonical } from '@truecount/protocol/signing';
import type { Transaction } from '../database/index.ts';
import type { AuditFact, HubKey } from '../governance/index.ts';
import { listDocuments, putDocument } from '../intake/index.ts';

const DAY_MS = 86_400_000;
const VALID_DAYS = 90;
const RENEW_BEFORE_DAYS = 30;
const MAX_STAFF = 100_000;

interface StaffMember {
  readonly store: string;
  readonly name: string;
  readonly role: Role;
  /** `scrypt$N$r$p$<salt>$<hash>` of the PIN. */
  readonly pinHash: string;
}

const idOf = ({ store, name }: StaffMember): string => `staff|${store}|${name}`;

function signGrant(member: StaffMember, key: HubKey, nowMs: number): StaffGrant {
  const unsigned = {
    id: idOf(member),
    store: member.store,
    name: member.name,
    role: member.role,
    pinHash: member.pinHash,
    validUntil: instant(nowMs + VALID_DAYS * DAY_MS),
    keyId: key.keyId,
  };
  return { ...unsigned, signature: key.sign(canonical(unsigned)) };
}

/** Makes the collection `staff` say what the configuration says. @returns what to write to the audit log */
export async function publishStaff(
  tx: Transaction,
  staff: readonly StaffMember[],
  parts: { readonly key: HubKey; readonly clock: Clock },
): Promise<readonly AuditFact[]> {
  const nowMs = parts.clock.now();
  const stored = await listDocuments(tx, 'staff', { limit: MAX_STAFF });
  const known = new Map(stored.map(({ id, document }) => [id, document]));
  const wanted = new Set(staff.map(idOf));
  const facts: AuditFact[] = [];
  for (const member of staff) {
    const present = known.get(idOf(member));
    if (present && !needsRenewal(present, member, { keyId: parts.key.keyId, nowMs })) continue;
    await putDocument(tx, 'staff', signGrant(member, parts.key, nowMs), { by: 'hub:staff' });
    facts.push(factOf(member, present ? 'staff.renewed' : 'staff.granted'));
  }
  for (const grant of known.values())
    if (!wanted.has(grant.id)) {
      await putDocument(tx, 'staff', grant, { by: 'hub:staff', deleted: true });
      facts.push(factOf(grant, 'staff.removed'));
    }
  return facts;
}

function needsRenewal(
  present: StaffGrant,
  member: StaffMember,
  now: { readonly keyId: string; readonly nowMs: number },
): boolean {
  const endsSoon = Date.parse(present.validUntil) - now.nowMs < RENEW_BEFORE_DAYS * DAY_MS;
  return (
    endsSoon ||
    present.role !== member.role ||
    present.pinHash !== member.pinHash ||
    present.keyId !== now.keyId
  );
}

/** The PIN's hash is no secret of the store's device, but the audit log need not repeat it. */
const factOf = (member: Pick<StaffMember, 'store' | 'name' | 'role'>, action: string): AuditFact => ({
  actor: 'hub',
  action,
  subject: `staff:${member.store}`,
  text: `${member.name}, ${member.role} of ${member.store}`,
});
