/**
 * Shelf vision: what a frame costs beside the bare network, and what an hour of a camera costs.
 *
 *   node test/bench/vision.ts [--hour-seconds 60]
 *
 * Frame: the vision thread's whole answer for a decoded 640 x 640 frame (thread hand-over, input, network, peaks,
 * suppression, rows, gaps) against `session.run` of the same network in this process; the quickest of turns taken in one run,
 * since a busy machine only ever adds. Camera: 3,600 frames of a scene in which people pass and goods vanish go through
 * change detection, vision, blurring and storing as fast as they can; CPU seconds of the process over the hour that those
 * frames stand for is the load of one core. With `--hour-seconds` fewer frames are run and the rest is scaled.
 */
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { decodeImage } from '../../device/vision/detector/decode-image.ts';
import type { Frame } from '../../device/vision/detector/frame.ts';
import { openShelfModel } from '../../device/vision/detector/shelf-model.ts';
import { SHIPPED_MODEL, startVision } from '../../device/vision/detector/start-vision.ts';
import { firstLook } from '../../device/vision/detector/views.ts';
import { fillInput } from '../../device/vision/detector/fill-input.ts';
import { openFrameStore } from '../../device/vision/cameras/frame-store.ts';
import { watchCamera } from '../../device/vision/cameras/watch-camera.ts';
import { readShelf } from '../../device/vision/shelf/read-shelf.ts';

const { values } = parseArgs({ options: { 'hour-seconds': { type: 'string', default: '3600' } } });
const folder = fileURLToPath(new URL('../../device/vision/vectors/shelves/', import.meta.url));
const files = readdirSync(folder).filter((file) => file.endsWith('.jpg'));

async function frameOf(file: string): Promise<Frame> {
  const decoded = await decodeImage(join(folder, file), file);
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.frame;
}

const median = (list: readonly number[]): number => list.toSorted((a, b) => a - b)[list.length >> 1] ?? 0;

async function frameCost(): Promise<object> {
  const model = await openShelfModel(SHIPPED_MODEL);
  const vision = await startVision();
  const results: { file: string; bareMs: number; wholeMs: number; ratio: number }[] = [];
  for (const file of files) {
    const frame = await frameOf(file);
    const view = firstLook(frame.width, frame.height);
    const input = new Float32Array(3 * view.width * view.height);
    fillInput(frame, view, input);
    const bare: number[] = [];
    const whole: number[] = [];
    for (let turn = 0; turn < 40; turn++) {
      const a = performance.now();
      await model.run(input, view.width, view.height);
      const b = performance.now();
      const seen = await vision.see(frame);
      if (seen.ok) readShelf(seen.boxes);
      bare.push(b - a);
      whole.push(performance.now() - b);
    }
    const round = (ms: number): number => Math.round(ms * 10) / 10;
    results.push({
      file,
      bareMs: round(Math.min(...bare)),
      wholeMs: round(Math.min(...whole)),
      ratio: Math.round((100 * Math.min(...whole)) / Math.min(...bare)) / 100,
    });
  }
  await vision.close();
  await model.close();
  return { frames: results, medianRatio: median(results.map(({ ratio }) => ratio)) };
}

/** A still shelf; each minute somebody passes for four seconds, and one product is gone afterwards. */
function sceneAt(second: number, shelf: Frame): Frame {
  const data = Uint8Array.from(shelf.data);
  const { width, height } = shelf;
  const paint = (x0: number, y0: number, w: number, h: number, value: number): void => {
    for (let y = y0; y < Math.min(height, y0 + h); y++)
      data.fill(value, (y * width + x0) * 3, (y * width + Math.min(width, x0 + w)) * 3);
  };
  const minute = Math.floor(second / 60);
  for (let i = 0; i <= minute % 8; i++) paint(40 + 70 * i, 240, 50, 90, 25);
  const passing = second % 60;
  if (passing < 4) paint(Math.min(width - 130, 40 + passing * 130), 60, 120, height - 60, 70 + passing * 10);
  return { width, height, data };
}

async function cameraHour(seconds: number): Promise<object> {
  const shelf = await frameOf(files[0] ?? '');
  const vision = await startVision();
  const store = openFrameStore(mkdtempSync(join(tmpdir(), 'camera-bench-')), 24);
  const stop = new AbortController();
  const memory: number[] = [];
  let looks = 0;
  let atSecond = 0;
  let painting = 0;
  const started = process.cpuUsage();
  await watchCamera({
    source: {
      async *frames() {
        for (atSecond = 0; atSecond < seconds; atSecond++) {
          const before = process.cpuUsage();
          const frame = sceneAt(atSecond, shelf);
          const used = process.cpuUsage(before);
          painting += used.user + used.system;
          if (atSecond % Math.ceil(seconds / 20) === 0) memory.push(process.memoryUsage().rss / 2 ** 20);
          yield frame;
        }
      },
    },
    isOneShot: false,
    vision,
    planogram: undefined,
    signal: stop.signal,
    onState: () => undefined,
    onLook: (look) => {
      looks++;
      store.save(`019a0000-0000-7000-8000-${String(looks).padStart(12, '0')}`, atSecond * 1000, look.jpeg);
    },
  });
  const { user, system } = process.cpuUsage(started);
  await vision.close();
  const cpuSeconds = (user + system - painting) / 1e6;
  return {
    framesOfOneSecond: seconds,
    looks,
    cpuSeconds: Math.round(cpuSeconds * 10) / 10,
    loadOfOneCore: Math.round((1000 * cpuSeconds) / seconds) / 1000,
    rssMb: memory.map(Math.round),
  };
}

const frame = await frameCost();
process.stdout.write(`${JSON.stringify(frame)}\n`);
process.stdout.write(`${JSON.stringify(await cameraHour(Number(values['hour-seconds'])))}\n`);
