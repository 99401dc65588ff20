import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../detector/frame.ts';
import { decodeImage } from '../detector/decode-image.ts';
import { isTrusted, learnRates, shareRight, startingRates } from './camera-rates.ts';
import { ffmpegArguments, ffmpegSource, withoutSecrets } from './ffmpeg-source.ts';
import { folderSource } from './folder-source.ts';
import { ChangeGate, changedCells, gridOf } from './frame-change.ts';
import { openFrameStore } from './frame-store.ts';
import { hiddenBy, largePieces, withoutPeople } from './hide-people.ts';
import { PpmError, PpmSplitter } from './ppm-splitter.ts';
import { startRtspCamera } from './rtsp-camera.fixture.ts';
import type { SourceState } from './frame-source.ts';

/** A frame whose every pixel is a fixed, irregular colour: much detail, nothing even. */
function detailed(width = 320, height = 240, shift = 0): Frame {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (((i * 7919) >> 3) + shift) % 251);
  return { width, height, data };
}
const plain = (value: number, width = 320, height = 240): Frame => ({
  width,
  height,
  data: new Uint8Array(width * height * 3).fill(value),
});
function withPatch(frame: Frame, x0: number, y0: number, w: number, h: number, value: number): Frame {
  const data = Uint8Array.from(frame.data);
  for (let y = y0; y < y0 + h; y++)
    data.fill(value, (y * frame.width + x0) * 3, (y * frame.width + x0 + w) * 3);
  return { ...frame, data };
}

/** A camera's web server on loopback. */
async function startCamera(
  answer: (response: ServerResponse) => void,
): Promise<AsyncDisposable & { readonly url: string }> {
  const server = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/video`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;
if (!hasFfmpeg && process.env['CI'] !== 'true')
  process.stderr.write(
    'skipped: a video through ffmpeg, because ffmpeg is not installed (apt-get install ffmpeg)\n',
  );

describe('pictures from a pipe', () => {
  const ppm = (frame: Frame): Buffer =>
    Buffer.concat([Buffer.from(`P6\n${frame.width} ${frame.height}\n255\n`), frame.data]);

  it('are whole however the bytes arrive', () => {
    const frames = [detailed(9, 7), plain(3, 4, 5), detailed(16, 2, 5)];
    const bytes = Buffer.concat(frames.map(ppm));
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 80 }), (cuts) => {
        const splitter = new PpmSplitter();
        const got: Frame[] = [];
        for (let at = 0, i = 0; at < bytes.length; i++) {
          const size = cuts[i % cuts.length] ?? 1;
          got.push(...splitter.push(bytes.subarray(at, at + size)));
          at += size;
        }
        expect(got.map(({ width, height, data }) => [width, height, Buffer.from(data)])).toEqual(
          frames.map(({ width, height, data }) => [width, height, Buffer.from(data)]),
        );
      }),
      { seed: 20261121, numRuns: 60 },
    );
  });

  it('that claim an absurd size are refused before memory is taken', () => {
    expect(() => new PpmSplitter().push(Buffer.from('P6 60000 60000 255 '))).toThrow(PpmError);
    expect(() => new PpmSplitter().push(Buffer.alloc(100, 65))).toThrow(PpmError);
  });
});

describe('a frame is looked at', () => {
  it('when it is still and new, not while something moves, and not again', () => {
    const gate = new ChangeGate(false);
    const empty = gridOf(detailed());
    const passing = gridOf(withPatch(detailed(), 40, 20, 90, 200, 10));
    expect(gate.judge(empty)).toBe('moving');
    expect(gate.judge(empty)).toBe('look');
    expect(gate.judge(empty)).toBe('same');
    expect(gate.judge(passing)).toBe('moving');
    expect(gate.judge(empty)).toBe('moving');
    expect(gate.judge(empty)).toBe('same');
  });

  it('when one product is gone, and not when a lamp goes on', () => {
    const gate = new ChangeGate(true);
    const shelf = withPatch(plain(90), 100, 80, 30, 60, 220);
    expect(gate.judge(gridOf(shelf))).toBe('look');
    const brighter = { ...shelf, data: shelf.data.map((v) => v + 20) };
    expect(gate.judge(gridOf(brighter))).toBe('same');
    expect(gate.judge(gridOf(plain(90)))).toBe('look');
  });
});

/** How much detail a part of a picture has: mean difference of neighbouring pixels. */
function detail({ width, data }: Frame, x0: number, y0: number, w: number, h: number): number {
  let sum = 0;
  for (let y = y0; y < y0 + h; y++)
    for (let x = x0; x < x0 + w - 1; x++) {
      const at = (y * width + x) * 3;
      sum += Math.abs((data[at] as number) - (data[at + 3] as number));
    }
  return sum / (w * h);
}

async function kept(frame: Frame, keep: Parameters<typeof withoutPeople>[1]): Promise<Frame> {
  const decoded = await decodeImage(await withoutPeople(frame, keep), 'kept');
  if (!decoded.ok) throw new Error(decoded.problem);
  return decoded.frame;
}

describe('a kept picture', () => {
  it('shows goods, and nothing else that could be told', async () => {
    const seen = await kept(detailed(), { boxes: [{ x0: 160, y0: 60, x1: 240, y1: 180 }] });
    expect(detail(seen, 170, 80, 60, 80)).toBeGreaterThan(20);
    expect(detail(seen, 10, 10, 120, 200)).toBeLessThan(3);
  });

  it('blurs a large piece that changed even where the detector saw goods', async () => {
    const frame = detailed();
    const usual = gridOf(plain(125));
    const person = withPatch(plain(125), 150, 40, 90, 180, 20);
    const changed = changedCells(usual, gridOf(person));
    expect(largePieces(changed).length).toBeGreaterThan(100);
    const box = { x0: 160, y0: 60, x1: 230, y1: 180 };
    const seen = await kept(frame, { boxes: [box], changed });
    expect(detail(seen, 170, 80, 50, 80)).toBeLessThan(12);
    expect(hiddenBy([box, { x0: 10, y0: 10, x1: 60, y1: 60 }], changed, frame)).toEqual([box]);
  });

  it('stays for the hours of the config, and at most two hundred of them', () => {
    const folder = mkdtempSync(join(tmpdir(), 'frames-'));
    const store = openFrameStore(folder, 1);
    const id = (i: number): string => `019a0000-0000-7000-8000-${String(i).padStart(12, '0')}`;
    for (let i = 0; i < 230; i++) store.save(id(i), 1_000_000 + i, Buffer.from('x'));
    expect(readdirSync(folder)).toHaveLength(200);
    store.save(id(999), 1_000_000 + 2 * 3_600_000, Buffer.from('new'));
    expect(readdirSync(folder)).toHaveLength(1);
    expect(store.read(id(999))?.toString()).toBe('new');
    expect(store.read('../../etc/passwd')).toBeUndefined();
  });
});

describe("a camera's rates", () => {
  it('rise when people accept and fall when they correct', () => {
    const accepted = learnRates(startingRates, [{ facings: 10, gaps: 2, truth: 10 }]);
    expect(shareRight(accepted.gaps)).toBeGreaterThan(shareRight(startingRates.gaps));
    const corrected = learnRates(startingRates, [{ facings: 3, gaps: 4, truth: 7 }]);
    expect(shareRight(corrected.gaps)).toBeLessThan(shareRight(startingRates.gaps));
    expect(isTrusted(startingRates)).toBe(true);
    expect(isTrusted(corrected)).toBe(false);
  });

  it('stay between 0 and 1 and remember a bounded number of judgements', () => {
    const judged = fc.record({ facings: fc.nat(40), gaps: fc.nat(40), truth: fc.nat(80) });
    fc.assert(
      fc.property(fc.array(judged, { maxLength: 100 }), (list) => {
        const { gaps, facings } = learnRates(startingRates, list);
        for (const beta of [gaps, facings]) {
          expect(shareRight(beta)).toBeGreaterThanOrEqual(0);
          expect(shareRight(beta)).toBeLessThanOrEqual(1);
          expect(beta.right + beta.wrong).toBeLessThan(401);
        }
      }),
      { seed: 20261121, numRuns: 100 },
    );
  });
});

async function firstFrame(
  source: ReturnType<typeof folderSource>,
  onState: (state: SourceState, stop: () => void) => void = () => undefined,
): Promise<Frame | undefined> {
  const stop = new AbortController();
  for await (const frame of source.frames(stop.signal, (state) => onState(state, () => stop.abort()))) {
    stop.abort();
    return frame;
  }
  return undefined;
}

describe('a source of frames', () => {
  it('gives the newest picture of a folder', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'camera-'));
    writeFileSync(join(folder, 'notes.txt'), 'no picture');
    const { width, height, data } = detailed(64, 48);
    await sharp(data, { raw: { width, height, channels: 3 } }).toFile(join(folder, 'a.png'));
    expect(await firstFrame(folderSource({ folder, everySeconds: 0.05 }))).toMatchObject({
      width: 64,
      height: 48,
    });
  });

  it('says what to do when its folder or ffmpeg is missing', async () => {
    const messages: string[] = [];
    const note = (state: SourceState, stop: () => void): void => {
      if (state.state === 'down') messages.push(state.message);
      stop();
    };
    await firstFrame(folderSource({ folder: '/no/such/folder', everySeconds: 0.05 }), note);
    await firstFrame(ffmpegSource({ url: 'x.mp4', everySeconds: 1, program: '/no/such/ffmpeg' }), note);
    expect(messages).toEqual([
      expect.stringMatching(/no readable folder \/no\/such\/folder; create it/),
      expect.stringMatching(/ffmpeg is not installed; install it \(Debian: apt-get install ffmpeg\)/),
    ]);
  });

  it.skipIf(!hasFfmpeg && process.env['CI'] !== 'true')('reads a video file through ffmpeg', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'video-'));
    const file = join(folder, 'shelf.mkv');
    spawnSync('ffmpeg', [
      '-loglevel',
      'error',
      '-f',
      'lavfi',
      '-i',
      'testsrc=size=320x240:rate=5:duration=2',
      file,
    ]);
    expect(await firstFrame(ffmpegSource({ url: file, everySeconds: 0.5 }))).toMatchObject({
      width: 320,
      height: 240,
    });
  });

  it.skipIf(!hasFfmpeg && process.env['CI'] !== 'true')(
    'reads a camera that serves MJPEG, and calls it again when it falls silent',
    async () => {
      const jpeg = await sharp(Buffer.from(detailed().data), {
        raw: { width: 320, height: 240, channels: 3 },
      })
        .jpeg()
        .toBuffer();
      const head = `--frame\r\nContent-Type: image/jpeg\r\nContent-Length: ${jpeg.length}\r\n\r\n`;
      let calls = 0;
      // Twenty pictures, and then an open line without a word.
      await using camera = await startCamera((response) => {
        calls += 1;
        response.writeHead(200, { 'content-type': 'multipart/x-mixed-replace; boundary=frame' });
        for (let n = 0; n < 20; n += 1)
          response.write(Buffer.concat([Buffer.from(head), jpeg, Buffer.from('\r\n')]));
      });
      const states: SourceState[] = [];
      const ended = new AbortController();
      const url = camera.url.replace('//', '//ada:secret@');
      const source = ffmpegSource({ url, everySeconds: 0.04, silentMs: 5000 });
      for await (const frame of source.frames(ended.signal, (state) => states.push(state))) {
        expect(frame).toMatchObject({ width: 320, height: 240 });
        if (calls === 2) break;
      }
      ended.abort();
      expect(states[0]).toEqual({ state: 'up' });
      expect(states.find(({ state }) => state === 'down')).toEqual({
        state: 'down',
        message: `${camera.url.replace('//', '//***@')} sent no picture for 5 s; it is tried again`,
      });
    },
    60_000,
  );

  it.skipIf(!hasFfmpeg && process.env['CI'] !== 'true')(
    'reads a network camera that speaks RTSP, the password kept out of what it reports',
    async () => {
      const jpeg = await sharp(Buffer.from(plain(180).data), {
        raw: { width: 320, height: 240, channels: 3 },
      })
        .jpeg({ chromaSubsampling: '4:2:0', optimiseCoding: false })
        .toBuffer();
      await using camera = await startRtspCamera(jpeg);
      const states: SourceState[] = [];
      const ended = new AbortController();
      const url = camera.url.replace('//', '//ada:secret@');
      const source = ffmpegSource({ url, everySeconds: 0.1, silentMs: 15_000 });
      const seen: Frame[] = [];
      for await (const frame of source.frames(ended.signal, (state) => states.push(state))) {
        seen.push(frame);
        if (seen.length === 3) break;
      }
      ended.abort();
      expect(camera.asked).toEqual(expect.arrayContaining(['DESCRIBE', 'SETUP', 'PLAY']));
      expect(states.filter(({ state }) => state === 'down')).toEqual([]);
      for (const frame of seen) {
        expect(frame).toMatchObject({ width: 320, height: 240 });
        expect(Math.abs((frame.data[3 * (120 * 320 + 160)] ?? 0) - 180)).toBeLessThan(6);
      }
      expect(JSON.stringify(states)).not.toContain('secret');
    },
    60_000,
  );

  it('asks ffmpeg for each kind of address in its own way, and hides passwords', () => {
    const args = (url: string): string => ffmpegArguments({ url, everySeconds: 1 }).join(' ');
    expect(args('rtsp://u:p@cam/1')).toContain('-rtsp_transport tcp -i');
    expect(args('/dev/video0')).toContain('-f v4l2 -i /dev/video0');
    expect(args('shelf.mp4')).toContain('-re -i');
    expect(args('http://cam/mjpeg')).not.toContain('-re ');
    expect(withoutSecrets('rtsp://user:secret@10.0.0.9/1 ended')).toBe('rtsp://***@10.0.0.9/1 ended');
  });
});
