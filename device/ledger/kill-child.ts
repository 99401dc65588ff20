/** Child of kill.test.ts: appends as fast as it can and prints each acknowledged id after its commit. */
import { writeSync } from 'node:fs';
import { Ledger } from './index.ts';

const [folder = '', round = '0'] = process.argv.slice(2);
const ledger = new Ledger({ folder, store: 'harbour', device: 'till-pc', now: Date.now });

async function appendForever(worker: number): Promise<never> {
  for (let n = 0; ; n += 1) {
    const ids = Array.from({ length: 1 + (n % 4) }, (_, i) => `${round}-${worker}-${n}-${i}`);
    const results = await ledger.append(
      'pos',
      ids.map((id) => ({ id, observation: { type: 'seen', t: '2026-03-02T09:00:00.000Z', sku: id } })),
    );
    const stored = results.flatMap((r) => (r.status === 'stored' ? [r.entry.id] : []));
    // A synchronous write: what the parent reads was acknowledged, nothing waits in a stream's buffer.
    writeSync(1, `${stored.join('\n')}\n`);
  }
}

writeSync(1, 'ready\n');
await Promise.all([appendForever(0), appendForever(1), appendForever(2)]);
