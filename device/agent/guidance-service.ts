/**
 * Guidance for this store: a card's documents and belief made into a context, the answer kept for learning. The
 * model's process starts a moment after the agent, so that it never delays it; until it is ready, and wherever it
 * cannot run, the procedures answer in their own words.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type GuidanceQuestion, instant, type Parsed, type Role } from '@truecount/protocol';
import { publicKeyFromPem } from '@truecount/protocol/signing';
import type { Logger } from 'pino';
import type { GuidancePort } from '../api/index.ts';
import type { AgentConfig, GuidanceConfig } from '../config.ts';
import {
  AnswerLog,
  type GuideContext,
  Guidance,
  lateModel,
  loadProcedures,
  type ModelPort,
  ModelProcess,
  parseGuideContext,
  type Procedure,
  shippedModel,
  shippedProcedures,
  signedProcedures,
} from '../guidance/index.ts';
import type { StoreCore } from './store-core.ts';

export interface GuidanceParts {
  readonly config: AgentConfig;
  readonly core: StoreCore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly isOnline: () => boolean;
}

export interface GuidanceService {
  readonly port: GuidancePort;
  close(): Promise<void>;
}

const WARM_AFTER_MS = 3000;
/** Above what the shipped model needs with room; an own model may need more. */
const SHIPPED_MB = 300;
const OWN_MB = 16_384;

/** undefined: switched off in the config. */
export function openGuidance(parts: GuidanceParts): GuidanceService | undefined {
  const { config, clock, logger } = parts;
  const { guidance: chosen = {} } = config;
  if (chosen.enabled === false) return undefined;
  const { procedures, problems } = loadProcedures([shippedProcedures, ...(chosen.procedures ?? [])]);
  for (const problem of problems) logger.warn(problem, 'a procedure cannot be read');
  const signed = fromHub(chosen.signedProcedures, parts);
  const replaced = new Set(signed.map(({ id }) => id));
  const model = modelOf(chosen, logger);
  const answers = new AnswerLog(join(config.dataFolder, 'guidance.sqlite'));
  const guidance = new Guidance({
    procedures: [...procedures.filter(({ id }) => !replaced.has(id)), ...signed],
    elapsed: () => performance.now(),
    verdicts: () => answers.judged(),
    ...(model === undefined ? {} : { model }),
  });
  return {
    port: {
      ask: async (question, { role, signal, onEvent }) =>
        guidance.ask(await contextOf(question, role, parts), {
          signal,
          onEvent,
          log: (entry) => answers.write(question.id, instant(clock.now()), entry),
        }),
      judge: (id, right) => answers.judge(id, right),
    },
    close: async () => {
      await model?.close();
      answers[Symbol.dispose]();
    },
  };
}

/** Used whole or not at all; a store without it works with the procedures it has. */
function fromHub(file: string | undefined, { config, logger }: GuidanceParts): readonly Procedure[] {
  if (file === undefined) return [];
  const trust = {
    store: config.store.id,
    hubKey: config.hub === undefined ? undefined : publicKeyFromPem(config.hub.publicKeyPem),
  };
  const read = readBundle(file);
  const procedures = read.ok ? signedProcedures(read.value, trust) : read;
  if (procedures.ok) return procedures.value;
  logger.warn({ file, problem: procedures.problem }, 'signed procedures are not used');
  return [];
}

function readBundle(file: string): Parsed<unknown> {
  try {
    return { ok: true, value: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

function modelOf(chosen: GuidanceConfig, logger: Logger): ModelPort | undefined {
  const file = chosen.model === 'none' ? undefined : (chosen.model ?? shippedModel());
  if (file === undefined) return undefined;
  const { contextTokens, threads, maxMemoryMb = chosen.model === undefined ? SHIPPED_MB : OWN_MB } = chosen;
  return lateModel(
    WARM_AFTER_MS,
    () =>
      new ModelProcess({
        file,
        maxMemoryMb,
        ...(contextTokens === undefined ? {} : { contextTokens }),
        ...(threads === undefined ? {} : { threads }),
        onNote: (note) => logger.info({ note }, 'guidance model'),
      }),
  );
}

async function contextOf(
  { question, exceptionId, sku: asked }: GuidanceQuestion,
  role: Role,
  { core, clock, isOnline }: GuidanceParts,
): Promise<GuideContext> {
  const document =
    exceptionId === undefined
      ? undefined
      : await core.documents.collections.exceptions.findOne(exceptionId).exec();
  const exception = document?.toMutableJSON();
  const sku = exception?.sku ?? asked;
  const known = sku === undefined ? undefined : core.keeper.belief.catalog(sku);
  const position = sku === undefined ? undefined : core.keeper.belief.position(sku);
  const parsed = parseGuideContext({
    question,
    role,
    online: isOnline(),
    now: instant(clock.now()),
    ...(exception === undefined ? {} : { exception }),
    ...(sku === undefined
      ? {}
      : {
          product: {
            sku,
            name: known?.name ?? exception?.name ?? sku,
            ...(known?.place === undefined ? {} : { place: known.place }),
          },
        }),
    ...(position === undefined
      ? {}
      : { belief: { record: position.record, mean: position.mean, rate: position.rate } }),
  });
  if (!parsed.ok) throw new Error(`the card ${exceptionId} makes no context: ${parsed.problem}`);
  return parsed.value;
}
