/**
 * The night thread: learning runs here, at the lowest priority, so that the agent's event loop and the store's other
 * programs never wait for it. One request, then it ends.
 */
import { setPriority } from 'node:os';
import { platform } from 'node:process';
import { parentPort, workerData } from 'node:worker_threads';
import { type NightReport, type NightRequest, STOP } from './night-messages.ts';
import { nightWork } from './night-work.ts';

const LOWEST = 19;

const port = parentPort;
if (port === null) throw new TypeError('the night thread is started by the agent, not by itself');
const say = (report: NightReport): void => port.postMessage(report);
// On Linux a thread has a priority of its own, and 0 names the calling one; elsewhere it would be the whole agent's.
if (platform === 'linux') setPriority(0, LOWEST);

const stop = new AbortController();
port.on('message', (message) => {
  if (message === STOP) stop.abort();
});
try {
  await nightWork(workerData as NightRequest, say, stop.signal);
  say({ type: 'done' });
} catch (error) {
  if (stop.signal.aborted) say({ type: 'stopped' });
  else say({ type: 'failed', message: error instanceof Error ? error.message : String(error) });
}
port.close();
