/**
 * The store's shelf cameras: what each saw last, what follows from it (evidence, gaps worth a walk), and what people said
 * to it. One vision thread serves all cameras; without it, or without ffmpeg, cameras are down and the rest goes on.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Clock,
  type FeedObservation,
  instant,
  newId,
  type ShelfProduct,
  type ShelfVerdict,
  type ShelfView,
} from '@truecount/protocol';
import type { Logger } from 'pino';
import type { AppendResult } from '../ledger/index.ts';
import { type Finding, type ShelfFacts, shelfGapFinding } from '../exceptions/index.ts';
import {
  type CameraConfig,
  type CameraLook,
  ffmpegSource,
  folderSource,
  isTrusted,
  learnRates,
  openFrameStore,
  type Planogram,
  readPlanogram,
  shareRight,
  startVision,
  type Vision,
  type VisionConfig,
  watchCamera,
} from '../vision/index.ts';

export interface CameraDeskOptions {
  readonly config: VisionConfig | undefined;
  readonly dataFolder: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly observe: (feed: string, batch: readonly FeedObservation[]) => Promise<readonly AppendResult[]>;
  readonly judge: (findings: readonly Finding[]) => Promise<void>;
  /** What is believed of a SKU; undefined where the store has never heard of it. */
  readonly factsOf: (
    sku: string,
  ) => Omit<ShelfFacts, 'planned' | 'facings' | 'gaps' | 'sureness'> | undefined;
  readonly onChange: () => void;
}

export interface CameraDesk {
  views(): readonly ShelfView[];
  /** A kept picture, people blurred. */
  frame(camera: string, id: string): Buffer | undefined;
  /** Undefined where no such camera or frame is known. */
  judge(camera: string, verdict: ShelfVerdict, by: string): Promise<ShelfView | undefined>;
  close(): Promise<void>;
}

/** An unchanged shelf is said again this often; the belief knows that frames of one day repeat each other. */
const SAY_AGAIN_MS = 3_600_000;

interface Camera {
  readonly config: CameraConfig;
  readonly store: ReturnType<typeof openFrameStore>;
  view: ShelfView;
  look: CameraLook | undefined;
  /** SKU to what was last said of it. */
  readonly said: Map<string, { readonly facings: number; readonly atMs: number }>;
}

export function runCameras(options: CameraDeskOptions): CameraDesk {
  const { config, dataFolder, logger } = options;
  const stop = new AbortController();
  const cameras = (config?.cameras ?? []).map((camera) =>
    openCamera(camera, join(dataFolder, 'cameras', camera.name), config?.keepHours ?? 0),
  );
  const running = cameras.length === 0 ? Promise.resolve() : watchAll(cameras, options, stop.signal);
  running.catch((error: unknown) => logger.error({ err: error }, 'the cameras ended'));
  const find = (name: string): Camera | undefined => cameras.find((camera) => camera.config.name === name);
  return {
    views: () => cameras.map((camera) => camera.view),
    frame: (name, id) => find(name)?.store.read(id),
    judge: async (name, verdict, by) => {
      const camera = find(name);
      if (camera === undefined || camera.view.frame?.id !== verdict.frame) return undefined;
      await judgeFrame(camera, verdict, by, options);
      options.onChange();
      return camera.view;
    },
    close: async () => {
      stop.abort();
      await running.catch(() => undefined);
    },
  };
}

function openCamera(config: CameraConfig, folder: string, keepHours: number): Camera {
  const store = openFrameStore(folder, keepHours);
  const rates = store.rates();
  return {
    config,
    store,
    look: undefined,
    said: new Map(),
    view: {
      camera: config.name,
      state: 'starting',
      boxes: [],
      products: [],
      certainty: 0,
      rightAboutGaps: shareRight(rates.gaps),
      rightAboutFacings: shareRight(rates.facings),
    },
  };
}

async function watchAll(
  cameras: readonly Camera[],
  options: CameraDeskOptions,
  signal: AbortSignal,
): Promise<void> {
  let vision: Vision;
  try {
    vision = await startVision(
      options.config?.model === undefined ? {} : { modelPath: options.config.model },
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    options.logger.error({ err: error }, 'vision did not start');
    for (const camera of cameras) setState(camera, { state: 'down', message }, options);
    return;
  }
  try {
    await Promise.all(cameras.map((camera) => watch(camera, vision, options, signal)));
  } finally {
    await vision.close();
  }
}

async function watch(
  camera: Camera,
  vision: Vision,
  options: CameraDeskOptions,
  signal: AbortSignal,
): Promise<void> {
  const { source, everySeconds, planogram: file } = camera.config;
  const planogram = file === undefined ? undefined : planogramFrom(file, camera, options);
  const isOneShot = source.kind === 'folder';
  await watchCamera({
    source:
      source.kind === 'folder'
        ? folderSource({ folder: source.folder, everySeconds })
        : ffmpegSource({ ...source, everySeconds }),
    isOneShot,
    vision,
    planogram,
    signal,
    onState: (state) => setState(camera, state, options),
    onLook: (look) => tell(camera, look, planogram, options),
  });
}

function planogramFrom(file: string, camera: Camera, options: CameraDeskOptions): Planogram | undefined {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // An empty text is no planogram either; the message names the file.
  }
  const read = readPlanogram(text, file);
  if (read.ok) return read.planogram;
  setState(camera, { state: 'down', message: `${read.problem}; facings are counted without it` }, options);
  return undefined;
}

function setState(
  camera: Camera,
  state: { readonly state: 'up' } | { readonly state: 'down'; readonly message: string },
  { logger, onChange }: CameraDeskOptions,
): void {
  const message = state.state === 'down' ? state.message.slice(0, 500) : undefined;
  if (camera.view.state === state.state && camera.view.message === message) return;
  const { message: _, ...view } = camera.view;
  camera.view = { ...view, state: state.state, ...(message === undefined ? {} : { message }) };
  logger.info({ camera: camera.config.name, state: state.state, message }, 'camera');
  onChange();
}

/** A new look: the picture is kept, the view changes, and what is sure enough becomes evidence. */
async function tell(
  camera: Camera,
  look: CameraLook,
  planogram: Planogram | undefined,
  options: CameraDeskOptions,
): Promise<void> {
  const nowMs = options.clock.now();
  const id = newId(nowMs);
  camera.store.save(id, nowMs, look.jpeg);
  camera.look = look;
  const { judged: _, ...before } = camera.view;
  camera.view = {
    ...before,
    seenAt: instant(nowMs),
    frame: { id, ...look.frame },
    boxes: boxesOf(look),
    products: productsOf(look, planogram),
    certainty: look.match?.certainty ?? 0,
  };
  if (isTrusted(camera.store.rates())) await sayEvidence(camera, camera.view.products, options, false);
  options.onChange();
}

function boxesOf({ reading, match }: CameraLook): ShelfView['boxes'] {
  const scores = new Map<unknown, number>([
    ...reading.facings.map((box) => [`${box.x0} ${box.y0}`, box.score] as const),
    ...reading.gaps.map((gap) => [`${gap.x0} ${gap.y0}`, gap.confidence] as const),
  ]);
  const placed = match?.placed ?? [
    ...reading.facings.map((box) => ({ box, kind: 'facing' as const, sku: undefined })),
    ...reading.gaps.map((box) => ({ box, kind: 'gap' as const, sku: undefined })),
  ];
  return placed.map(({ box, kind, sku }) => ({
    kind,
    score: Math.min(1, Math.max(0, scores.get(`${box.x0} ${box.y0}`) ?? 0)),
    xyxy: [box.x0, box.y0, box.x1, box.y1],
    ...(sku === undefined ? {} : { sku }),
  }));
}

function productsOf({ match }: CameraLook, planogram: Planogram | undefined): ShelfProduct[] {
  const names = new Map(
    planogram?.rows.flatMap((row) => row.products.map((p) => [p.sku, p.name ?? p.sku] as const)),
  );
  return (match?.products ?? []).map((product) => ({
    ...product,
    name: names.get(product.sku) ?? product.sku,
  }));
}

/** Per SKU over all its places; only where every place was seen. */
async function sayEvidence(
  camera: Camera,
  products: readonly ShelfProduct[],
  options: CameraDeskOptions,
  isJudged: boolean,
): Promise<void> {
  const nowMs = options.clock.now();
  const t = instant(nowMs);
  const name = `camera ${camera.config.name}`;
  const batch: FeedObservation[] = [];
  const findings: Finding[] = [];
  for (const [sku, seen] of bySku(products)) {
    const facts = options.factsOf(sku);
    if (facts === undefined || seen.unknown > 0) continue;
    const last = camera.said.get(sku);
    if (
      isJudged ||
      last === undefined ||
      last.facings !== seen.facings ||
      nowMs - last.atMs >= SAY_AGAIN_MS
    ) {
      camera.said.set(sku, { facings: seen.facings, atMs: nowMs });
      batch.push({
        observation: {
          type: 'shelf',
          t,
          sku,
          facings: seen.facings,
          capacity: seen.planned,
          camera: camera.config.name,
        },
        key: `${camera.view.frame?.id ?? ''}|${sku}|${isJudged ? 'judged' : 'seen'}`,
        source: name,
      });
    }
    const sureness = isJudged ? 0.97 : surestGap(camera.view, sku) * shareRight(camera.store.rates().gaps);
    findings.push(shelfGapFinding({ ...facts, ...seen, sureness }));
  }
  if (batch.length > 0) await options.observe(name, batch);
  await options.judge(findings);
}

interface SkuSeen {
  readonly planned: number;
  readonly facings: number;
  readonly gaps: number;
  readonly unknown: number;
}

function bySku(products: readonly ShelfProduct[]): ReadonlyMap<string, SkuSeen> {
  const result = new Map<string, SkuSeen>();
  for (const { sku, planned, facings, gaps, unknown } of products) {
    const before = result.get(sku) ?? { planned: 0, facings: 0, gaps: 0, unknown: 0 };
    result.set(sku, {
      planned: before.planned + planned,
      facings: before.facings + facings,
      gaps: before.gaps + gaps,
      unknown: before.unknown + unknown,
    });
  }
  return result;
}

const surestGap = ({ boxes }: ShelfView, sku: string): number =>
  Math.max(0, ...boxes.filter((box) => box.kind === 'gap' && box.sku === sku).map((box) => box.score));

/** What a person says about the frame on the screen: the camera learns its rates, and the truth becomes evidence. */
async function judgeFrame(
  camera: Camera,
  verdict: ShelfVerdict,
  by: string,
  options: CameraDeskOptions,
): Promise<void> {
  const said = new Map((verdict.products ?? []).map((p) => [`${p.row} ${p.sku}`, p.facings]));
  const judged = camera.view.products.map((product) => ({
    product,
    truth: said.get(`${product.row} ${product.sku}`) ?? product.facings,
  }));
  const rates = learnRates(
    camera.store.rates(),
    judged.map(({ product, truth }) => ({ facings: product.facings, gaps: product.gaps, truth })),
  );
  camera.store.saveRates(rates);
  const products = judged.map(({ product, truth }) => ({
    ...product,
    facings: truth,
    gaps: Math.max(0, product.planned - truth),
    // A person has looked: nothing of a product that was named, or of an accepted frame, stays unknown but what was not asked.
    unknown: said.has(`${product.row} ${product.sku}`) ? 0 : product.unknown,
  }));
  camera.view = {
    ...camera.view,
    products,
    judged: true,
    rightAboutGaps: shareRight(rates.gaps),
    rightAboutFacings: shareRight(rates.facings),
  };
  options.logger.info({ camera: camera.config.name, by, corrected: said.size }, 'frame judged');
  await sayEvidence(camera, products, options, true);
}
