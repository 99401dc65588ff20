/** Makes a device known whose secret was made elsewhere, for example by whoever installs hub and stores together. */
import type { Clock, DeviceAddress } from '@truecount/protocol';
import { instant } from '@truecount/protocol';
import { mosquittoPasswordLine, userNameOf } from '../broker/index.ts';
import type { Queryable } from '../database/index.ts';
import { hashSecret, isSecret } from './secrets.ts';

/** Called at every start: an unchanged secret leaves the row alone, and what was revoked stays revoked. */
export async function adoptDevice(
  database: Queryable,
  address: DeviceAddress,
  secret: string,
  clock: Clock,
): Promise<{ readonly problem: string } | undefined> {
  const [known] = await database.query<{ store: string; secret_hash: string }>(
    'SELECT store, secret_hash FROM devices WHERE id = $1',
    [address.device],
  );
  if (known && known.store !== address.store)
    return { problem: `device ${address.device} belongs to store ${known.store}, not to ${address.store}` };
  if (known && (await isSecret(secret, known.secret_hash))) return undefined;
  await database.query(
    `INSERT INTO devices (id, store, secret_hash, broker_line, enrolled_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash, broker_line = EXCLUDED.broker_line`,
    [
      address.device,
      address.store,
      await hashSecret(secret),
      mosquittoPasswordLine(userNameOf(address), secret),
      instant(clock.now()),
    ],
  );
  return undefined;
}
