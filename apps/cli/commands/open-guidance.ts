/** Guidance as commands use it: the shipped procedures and model unless others are named. */
import {
  Guidance,
  loadProcedures,
  ModelProcess,
  shippedModel,
  shippedProcedures,
} from '@truecount/device/guidance';

export interface GuidanceChoice {
  /** A GGUF file; false: none. */
  readonly model?: string | false;
  readonly procedures?: readonly string[];
}

/** The default model needs a fifth of this; a larger one named here may take what it needs. */
const SHIPPED_MB = 300;
const NAMED_MB = 16_384;

class ProceduresError extends Error {
  readonly code = 'E_PROCEDURES';
}

export async function openGuidance({ model: named, procedures: folders = [] }: GuidanceChoice): Promise<{
  readonly guidance: Guidance;
  readonly close: () => Promise<void>;
}> {
  const { procedures, problems } = loadProcedures([shippedProcedures, ...folders]);
  const [problem] = problems;
  if (problem !== undefined) throw new ProceduresError(`${problem.file}: ${problem.problem}`);
  const file = named === false ? undefined : (named ?? shippedModel());
  const model =
    file === undefined
      ? undefined
      : new ModelProcess({ file, maxMemoryMb: named === undefined ? SHIPPED_MB : NAMED_MB });
  await model?.ready();
  const why = model?.problem();
  // Guidance goes on without it, in the procedures' own words.
  if (why !== undefined) process.stderr.write(`E_MODEL: ${why}\n`);
  const guidance = new Guidance({
    procedures,
    elapsed: () => performance.now(),
    ...(model === undefined ? {} : { model }),
  });
  return { guidance, close: async () => model?.close() };
}
