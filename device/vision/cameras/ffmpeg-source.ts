/**
 * Video files, RTSP, HTTP-MJPEG and V4L2 devices through the system's ffmpeg. It decodes at the asked rate and writes plain
 * pictures to a pipe; when it ends, it is started again after a pause that grows to a minute. A camera that keeps its
 * connection and says nothing is taken for one that ended: ffmpeg itself would wait for ever.
 */
import { spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import type { Frame } from '../detector/frame.ts';
import type { FrameSource, SourceState } from './frame-source.ts';
import { PpmSplitter } from './ppm-splitter.ts';

export interface FfmpegOptions {
  readonly url: string;
  readonly everySeconds: number;
  readonly loop?: boolean;
  /** The program; `ffmpeg` from the path by default. */
  readonly program?: string;
  /** How long nothing may come before the camera is called again; 30 s, or three times the asked interval. */
  readonly silentMs?: number;
}

/** Wider frames are scaled down while decoding: shelves are read at 640 to 1280. */
const WIDEST = 1920;
const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;
const MAX_ERROR_TEXT = 400;
const SILENT_MS = 30_000;
const SILENT_INTERVALS = 3;

export function ffmpegSource(options: FfmpegOptions): FrameSource {
  return {
    async *frames(signal, onState) {
      let pauseMs = FIRST_PAUSE_MS;
      while (!signal.aborted) {
        const run = runOnce(options, signal);
        for await (const frame of run.frames) {
          pauseMs = FIRST_PAUSE_MS;
          onState({ state: 'up' });
          yield frame;
        }
        if (signal.aborted) return;
        onState(run.end());
        await pause(pauseMs, undefined, { signal }).catch(() => undefined);
        pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
      }
    },
  };
}

export function ffmpegArguments({ url, everySeconds, loop = false }: FfmpegOptions): readonly string[] {
  const filter = `fps=${Number((1 / everySeconds).toFixed(4))},scale='min(${WIDEST},iw)':-2`;
  return [
    '-nostdin',
    '-hide_banner',
    '-loglevel',
    'error',
    '-threads',
    '1',
    ...(loop ? ['-stream_loop', '-1'] : []),
    // A camera is read as it speaks; a file at the speed it was filmed, or it would be over at once.
    ...(isLive(url) ? [] : ['-re']),
    ...(url.startsWith('rtsp') ? ['-rtsp_transport', 'tcp'] : []),
    ...(url.startsWith('/dev/video') ? ['-f', 'v4l2'] : []),
    '-i',
    url,
    '-an',
    '-sn',
    '-vf',
    filter,
    '-f',
    'image2pipe',
    '-c:v',
    'ppm',
    '-',
  ];
}

const isLive = (url: string): boolean =>
  /^(rtsps?|https?|rtmps?|udp|tcp):\/\//.test(url) || url.startsWith('/dev/video');

interface Run {
  readonly frames: AsyncGenerator<Frame>;
  /** Why it ended. */
  end(): SourceState;
}

function runOnce(options: FfmpegOptions, signal: AbortSignal): Run {
  const { program = 'ffmpeg', url, everySeconds } = options;
  const silentMs = options.silentMs ?? Math.max(SILENT_MS, SILENT_INTERVALS * everySeconds * 1000);
  const child = spawn(program, ffmpegArguments(options), { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let said = '';
  let failure: string | undefined;
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString('utf8')).slice(-MAX_ERROR_TEXT);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      failure =
        error.code === 'ENOENT'
          ? 'ffmpeg is not installed; install it (Debian: apt-get install ffmpeg) or use a camera that writes pictures to a folder'
          : error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  async function* frames(): AsyncGenerator<Frame> {
    const splitter = new PpmSplitter();
    const chunks = (child.stdout as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<Buffer>> => {
      const silence = setTimeout(() => {
        failure = `${withoutSecrets(url)} sent no picture for ${Math.round(silentMs / 1000)} s; it is tried again`;
        child.kill('SIGKILL');
      }, silentMs);
      return chunks.next().finally(() => clearTimeout(silence));
    };
    try {
      for (let chunk = await next(); chunk.done !== true; chunk = await next()) {
        // While a frame is being looked at the pipe is full and ffmpeg waits: nothing gathers here.
        const newest = splitter.push(chunk.value).at(-1);
        if (newest !== undefined) yield newest;
      }
    } catch (error) {
      if (!signal.aborted) failure = error instanceof Error ? error.message : String(error);
    } finally {
      // Pictures that nobody will read would keep the pipe open, and its end from being told, for ever.
      child.stdout.destroy();
      child.kill('SIGKILL');
      await ended;
    }
  }
  return {
    frames: frames(),
    end: () => ({
      state: 'down',
      message:
        failure ??
        `${withoutSecrets(url)} ended${said === '' ? '' : `: ${withoutSecrets(lastLine(said))}`}; it is tried again`,
    }),
  };
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1) ?? '';
/** Camera addresses hold passwords; health and logs do not. */
export const withoutSecrets = (text: string): string => text.replaceAll(/\/\/[^/@\s]+@/g, '//***@');
