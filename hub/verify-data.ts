/** Checks the audit chain of a hub that is not running, from its data folder or its database server. */
import type { AuditVerdict } from '@truecount/protocol';
import { anchorFileOf, keyFileOf } from './assembly.ts';
import { openDatabase, sqlStateOf } from './database/index.ts';
import { HubKeyError, readAnchor, readHubKey, verifyAudit } from './governance/index.ts';

export interface StoppedHub {
  readonly dataFolder: string;
  readonly keyFile?: string | undefined;
  /** The PostgreSQL server, when the hub's database is not in its data folder. */
  readonly databaseUrl?: string | undefined;
}

/** PostgreSQL, appendix A: undefined_table. */
const NO_SUCH_TABLE = '42P01';

/** Changes nothing: neither a key nor an anchor is made when there is none. */
export async function verifyStoppedHub(hub: StoppedHub): Promise<AuditVerdict> {
  const keyFile = keyFileOf({
    dataFolder: hub.dataFolder,
    ...(hub.keyFile === undefined ? {} : { keyFile: hub.keyFile }),
  });
  const key = readHubKey(keyFile);
  if (!key)
    throw new HubKeyError(
      `${keyFile} does not exist: without the hub's key nothing can be verified; name the hub's data folder`,
    );
  const anchor = readAnchor(anchorFileOf(hub));
  const database = await openDatabase(
    hub.databaseUrl === undefined ? { folder: hub.dataFolder } : { url: hub.databaseUrl },
  );
  try {
    return await verifyAudit(database, { key, anchor });
  } catch (error) {
    if (sqlStateOf(error) !== NO_SUCH_TABLE) throw error;
    return { ok: false, entries: 0, brokenAt: 1, problem: 'the database has no audit tables' };
  } finally {
    await database.close();
  }
}
