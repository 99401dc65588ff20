/** The hub's HTTP server, fed with what changes in the database, whichever process changed it. */
import manifest from '../package.json' with { type: 'json' };
import { type ApiServer, keyHashOf, Operators, startApi } from './api/index.ts';
import { anchorFileOf, type Assembly } from './assembly.ts';
import { type CaseEngine, listenForChanges, type Network } from './cases/index.ts';
import { type PolicyRegistry, readAnchor, verifyAudit } from './governance/index.ts';
import type { Enrolment } from './enrolment/index.ts';
import { enrolmentPort } from './enrolment-port.ts';
import { hubPort } from './hub-port.ts';
import { type Intake, listenForDocuments } from './intake/index.ts';
import { readTls } from './read-tls.ts';

interface ApiParts {
  readonly engine: CaseEngine;
  readonly intake: Intake;
  readonly policies: PolicyRegistry;
  readonly network: Network;
  readonly enrolment: Enrolment;
  /** Where devices connect, and the authority they have to trust there. */
  readonly broker: { readonly url: string; readonly caPem: string | undefined };
}

export async function openApi(
  { config, database, key, logger, clock, open }: Assembly,
  parts: ApiParts,
): Promise<ApiServer> {
  const tls = config.api.tls && readTls(config.api.tls, 'api.tls');
  const ref: { current?: ApiServer } = {};
  const hub = hubPort({
    database,
    clock,
    ...parts,
    enrolment: enrolmentPort({
      enrolment: parts.enrolment,
      stores: config.stores,
      broker: parts.broker,
      hubPublicKeyPem: key.publicKeyPem,
      fingerprint: tls?.fingerprint,
      clock,
      onChange: () => ref.current?.notify(['devices']),
    }),
    verify: () => verifyAudit(database, { key, anchor: readAnchor(anchorFileOf(config)) }),
  });
  const operators = config.operators.map(({ name, role, key: plain, keyHash }) => ({
    name,
    role,
    keyHash: keyHash ?? keyHashOf(plain ?? ''),
  }));
  const api = await startApi({
    hub,
    operators: new Operators(database, operators),
    host: config.api.host,
    port: config.api.port,
    requestsPerMinute: config.api.requestsPerMinute,
    consoleFolder: config.consoleFolder,
    version: manifest.version,
    logger,
    ...(tls ? { tls } : {}),
  });
  ref.current = api;
  open.push(() => api.close());
  const stopChanges = await listenForChanges(database, (topics) => api.notify(topics));
  open.push(stopChanges);
  const stopDocuments = await listenForDocuments(database, (change) => {
    if (!change || change.collection === 'exceptions' || change.collection === 'positions')
      api.notify(['stores']);
    if (!change || change.collection === 'transfers') api.notify(['transfers', 'plan']);
    if (!change || change.collection === 'policies') api.notify(['policies']);
  });
  open.push(stopDocuments);
  return api;
}
