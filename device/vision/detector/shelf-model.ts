/** The detector's network in onnxruntime: one thread, one frame at a time. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import { fillInput, viewPixels } from './fill-input.ts';
import type { Box, Frame } from './frame.ts';
import { peaksOf } from './peaks.ts';
import type { View } from './views.ts';
import { VisionModelError } from './vision-model-error.ts';

export interface ShelfModel {
  /** First 12 digits of the file's SHA-256. */
  readonly version: string;
  /** Raw output of the network for an input of 3 x height x width floats. */
  run(input: Float32Array, width: number, height: number): Promise<Float32Array>;
  look(frame: Frame, view: View): Promise<Box[]>;
  close(): Promise<void>;
}

/** @throws VisionModelError when the file is missing or is no such network */
export async function openShelfModel(path: string): Promise<ShelfModel> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch {
    throw new VisionModelError(
      `there is no readable vision model at ${path}; restore it, or make one with models/shelf`,
    );
  }
  const session = await openSession(path, bytes);
  const inputs = new Map<number, Float32Array>();
  const run = async (input: Float32Array, width: number, height: number): Promise<Float32Array> => {
    const { raw } = await session.run({ image: new ort.Tensor('float32', input, [1, 3, height, width]) });
    if (!(raw?.data instanceof Float32Array))
      throw new VisionModelError(
        `${path} answers without the output "raw" in 32-bit floats; it is another network`,
      );
    return raw.data;
  };
  return {
    version: createHash('sha256').update(bytes).digest('hex').slice(0, 12),
    run,
    look: async (frame, view) => {
      const size = view.width * view.height * 3;
      let input = inputs.get(size);
      if (input === undefined) {
        // Frames of one camera need one or two sizes; pictures by hand may need any, and then none is kept for long.
        if (inputs.size >= 3) inputs.clear();
        inputs.set(size, (input = new Float32Array(size)));
      }
      fillInput(await viewPixels(frame, view), view, input);
      return peaksOf(await run(input, view.width, view.height), view);
    },
    close: () => session.release(),
  };
}

async function openSession(path: string, bytes: Buffer): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(bytes, {
      executionProviders: ['cpu'],
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      // The arena keeps the largest frame's memory for ever; frames are rare enough to give it back.
      enableCpuMemArena: false,
      logSeverityLevel: 3,
    });
  } catch (error) {
    throw new VisionModelError(
      `${path} cannot be loaded as an ONNX network (${error instanceof Error ? error.message : String(error)})`,
    );
  }
}
