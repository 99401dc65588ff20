/** `npm run bench`: the main path's two figures, each with its yardstick measured in the same run. */
import { measureExceptionLatency } from './exception-latency.ts';
import { measureIngest } from './ingest.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);

out('Observations through ledger (committed with fsync) and belief, next to the same bytes in a plain file:');
for (const [tickets, ticketsPerBatch] of [
  [1_000, 1],
  [10_000, 20],
  [40_000, 100],
] as const) {
  const { batch, observationsPerSecond, fileObservationsPerSecond } = await measureIngest(
    tickets,
    ticketsPerBatch,
  );
  out(
    `  ${String(batch).padStart(4)} a commit: ${observationsPerSecond.toLocaleString('en')} observations/s` +
      ` (file: ${fileObservationsPerSecond.toLocaleString('en')}/s, ratio ${(fileObservationsPerSecond / observationsPerSecond).toFixed(1)})`,
  );
}
const { rounds, raised, atHub } = await measureExceptionLatency(100);
out(`Exception to hub, ${rounds} exceptions one after the other, on loopback:`);
out(`  line in the inbox to exception at the store: p50 ${raised.p50} ms, p99 ${raised.p99} ms`);
out(`  exception at the store to case at the hub:   p50 ${atHub.p50} ms, p99 ${atHub.p99} ms`);
