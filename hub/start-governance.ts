/** Keys, policies, staff and the audit log, before anything is decided. */
import { readFileSync } from 'node:fs';
import { anchorFileOf, type Assembly } from './assembly.ts';
import { publishStaff } from './connectors/index.ts';
import { adoptDevice } from './enrolment/index.ts';
import { AuditAnchor, AuditLog, bundlesFrom, PolicyRegistry, readAnchor } from './governance/index.ts';

const DEFAULT_POLICY = new URL('./governance/policies/default.json', import.meta.url);

export async function startGovernance(
  assembly: Assembly,
): Promise<{ readonly audit: AuditLog; readonly policies: PolicyRegistry }> {
  const { config, say, clock, key, database, open } = assembly;
  const anchorFile = anchorFileOf(config);
  await warnOfLostTail(assembly, readAnchor(anchorFile));
  const audit = new AuditLog({ key, anchor: new AuditAnchor(anchorFile), clock });
  open.push(() => audit.close());
  const policies = new PolicyRegistry({ key, clock });
  const file: unknown = JSON.parse(readFileSync(config.policyFile ?? DEFAULT_POLICY, 'utf8'));
  await database.transaction(async (tx) => {
    const facts = [
      ...(await policies.publish(tx, bundlesFrom(file))),
      ...(await publishStaff(tx, config.staff, { key, clock })),
    ];
    await audit.append(tx, facts);
  });
  for (const { id, store, secret } of config.devices) {
    const refused = await adoptDevice(database, { store, device: id }, secret, clock);
    if (refused) say({ event: 'device-refused', text: refused.problem });
  }
  return { audit, policies };
}

/** A database that lost what the anchor has seen is said loudly at once; `truecount audit verify` says where. */
async function warnOfLostTail(
  { database, say, logger }: Assembly,
  anchor: ReturnType<typeof readAnchor>,
): Promise<void> {
  if (anchor.state === 'absent') return;
  const [row] =
    anchor.state === 'read'
      ? await database.query('SELECT 1 FROM audit_entries WHERE seq = $1 AND hash = $2', [
          anchor.head.seq,
          anchor.head.hash,
        ])
      : [];
  if (row) return;
  logger.error({ anchor }, 'the audit chain is not the one the anchor has seen');
  say({
    event: 'audit-broken',
    text: 'the audit chain does not match its anchor; run "truecount audit verify"',
  });
}
