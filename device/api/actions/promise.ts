/** Promises a customer units that the hub has lent this store. Works the same during an outage. */
import {
  type Accepted,
  instant,
  type Lease,
  promisedOn,
  type PromiseRequest,
  unitsLeft,
} from '@truecount/protocol';
import type { AgentPort } from '../ports.ts';
import { ProblemError } from '../problem.ts';

/** Units of a product that this store may still promise. */
export async function promisable(agent: AgentPort, sku: string): Promise<number> {
  const leases = await leasesOf(agent, sku);
  return leases.reduce((sum, lease) => sum + unitsLeft(lease, agent.clock.now()), 0);
}

export async function promise(agent: AgentPort, request: PromiseRequest, by: string): Promise<Accepted> {
  const { id, sku, qty = 1, token } = request;
  const nowMs = agent.clock.now();
  const leases = await leasesOf(agent, sku);
  const known = leases.flatMap(({ promises = [] }) => promises).find((made) => made.id === id);
  if (known) return { id, committedAt: known.at };
  const made = { id, qty, at: instant(nowMs), by, token: token ?? tokenOf(id) };
  for (const { id: leaseId } of leases) {
    const document = await agent.collections.leases.findOne(leaseId).exec();
    let isPromised = false;
    // Judged and written in one modification, so that two screens cannot promise the same unit.
    await document?.incrementalModify((lease) => {
      isPromised = unitsLeft(lease, nowMs) >= qty;
      return isPromised ? { ...lease, promises: [...(lease.promises ?? []), made] } : lease;
    });
    if (isPromised) return { id, committedAt: made.at };
  }
  throw new ProblemError(
    409,
    'E_NOTHING_LENT',
    `the hub has lent this store no unit of ${sku} to promise now; offer the web shop, or try again later`,
  );
}

/** What the customer shows at the counter: short enough to be read aloud. */
const tokenOf = (id: string): string => id.replaceAll('-', '').slice(-6).toUpperCase();

const leasesOf = async ({ collections }: AgentPort, sku: string): Promise<readonly Lease[]> =>
  (await collections.leases.find({ selector: { sku } }).exec())
    .map((document) => document.toMutableJSON())
    .sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1))
    .filter((lease) => promisedOn(lease) > 0 || !lease.ended);
