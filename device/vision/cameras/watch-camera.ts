/**
 * One camera: frames in, views out.
 *
 * Per frame: still and new? -> detector -> rows, gaps, planogram -> people blurred -> kept and told. States: starting -> up
 * <-> down. Invariants: one frame at a time (a slow machine skips frames, it queues none); a frame that shows motion is
 * neither looked at nor kept; what somebody stands before counts as not seen.
 */
import type { Frame } from '../detector/frame.ts';
import type { Vision } from '../detector/start-vision.ts';
import { matchPlanogram, type PlanogramMatch } from '../planogram/match-planogram.ts';
import type { Planogram } from '../planogram/planogram.ts';
import { readShelf, type ShelfReading } from '../shelf/read-shelf.ts';
import { ChangeGate, changedCells, type Grid, gridOf } from './frame-change.ts';
import type { FrameSource, SourceState } from './frame-source.ts';
import { hiddenBy, withoutPeople } from './hide-people.ts';

export interface CameraLook {
  readonly frame: { readonly width: number; readonly height: number };
  /** People blurred. */
  readonly jpeg: Buffer;
  readonly reading: ShelfReading;
  /** Undefined without a planogram. */
  readonly match: PlanogramMatch | undefined;
}

export interface WatchOptions {
  readonly source: FrameSource;
  readonly isOneShot: boolean;
  readonly vision: Pick<Vision, 'see'>;
  readonly planogram: Planogram | undefined;
  readonly onLook: (look: CameraLook) => Promise<void> | void;
  readonly onState: (state: SourceState) => void;
  readonly signal: AbortSignal;
}

/** Brightness that the usual view follows per still frame: people who stay a minute do not become the usual view. */
const FOLLOW = 0.25;

/** Resolves when the signal aborts. */
export async function watchCamera(options: WatchOptions): Promise<void> {
  const { source, isOneShot, vision, planogram, onLook, onState, signal } = options;
  const gate = new ChangeGate(isOneShot);
  let usual: Grid | undefined;
  for await (const frame of source.frames(signal, onState)) {
    const grid = gridOf(frame);
    const verdict = gate.judge(grid);
    const changed = usual === undefined || isOneShot ? undefined : changedCells(usual, grid);
    if (verdict !== 'moving') usual = followed(usual, grid);
    if (verdict !== 'look') continue;
    const seen = await vision.see(frame);
    if (signal.aborted) return;
    if (!seen.ok) {
      gate.forget();
      onState({ state: 'down', message: seen.problem });
      continue;
    }
    await onLook(await lookOf(frame, seen.boxes, changed, planogram));
  }
}

async function lookOf(
  frame: Frame,
  boxes: Parameters<typeof readShelf>[0],
  changed: Uint8Array | undefined,
  planogram: Planogram | undefined,
): Promise<CameraLook> {
  const hidden = new Set(hiddenBy(boxes, changed, frame));
  const reading = readShelf(
    boxes.filter((box) => !hidden.has(box)),
    frame,
  );
  const match = planogram === undefined ? undefined : matchPlanogram(frame, reading, planogram);
  const kept = [...reading.facings, ...reading.labels, ...reading.gaps];
  const jpeg = await withoutPeople(frame, { boxes: kept, ...(changed === undefined ? {} : { changed }) });
  return { frame: { width: frame.width, height: frame.height }, jpeg, reading, match };
}

function followed(usual: Grid | undefined, grid: Grid): Grid {
  if (usual === undefined) return grid.slice();
  for (const [i, value] of grid.entries()) {
    const before = usual[i] as number;
    usual[i] = before + Math.max(-FOLLOW, Math.min(FOLLOW, value - before));
  }
  return usual;
}
