/** The vision thread: loads the network and answers one frame after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { lookAtFrame } from './look-at-frame.ts';
import { openShelfModel } from './shelf-model.ts';
import type { VisionReply, VisionRequest } from './vision-messages.ts';
import { VisionModelError } from './vision-model-error.ts';

const port = parentPort;
if (port === null) throw new Error('vision-child runs as a worker thread; start it with startVision');
const say = (reply: VisionReply): void => port.postMessage(reply);

// A store's till shares this machine: one core at most, and no picture kept after it was looked at.
sharp.concurrency(1);
sharp.cache(false);

const { modelPath } = workerData as { readonly modelPath: string };
try {
  const model = await openShelfModel(modelPath);
  let turn = Promise.resolve();
  port.on('message', ({ id, frame }: VisionRequest) => {
    turn = turn.then(async () => {
      try {
        say({ type: 'seen', id, boxes: await lookAtFrame(model, frame) });
      } catch (error) {
        say({ type: 'not-seen', id, problem: error instanceof Error ? error.message : String(error) });
      }
    });
  });
  say({ type: 'ready', version: model.version });
} catch (error) {
  const code = error instanceof VisionModelError ? error.code : 'E_VISION';
  say({ type: 'failed', code, problem: error instanceof Error ? error.message : String(error) });
}
