/**
 * TensorFlow.js on the best backend that this machine has: native, then WebAssembly, then plain JavaScript.
 * The native package is optional: its library cannot be downloaded everywhere.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import util from 'node:util';
import type * as Tensors from '@tensorflow/tfjs-core';

export type BackendName = 'native' | 'wasm' | 'cpu';
const BACKENDS: readonly BackendName[] = ['native', 'wasm', 'cpu'];

export interface TensorBackend {
  readonly name: BackendName;
  readonly tf: typeof Tensors;
}

class TensorBackendError extends Error {
  readonly code = 'LEARN_BACKEND';
}

const require = createRequire(import.meta.url);

/** Tries the wanted backends in order; what did not load is told through `onSkipped`. */
export async function openTensors(
  wanted: readonly BackendName[] = BACKENDS,
  onSkipped?: (name: BackendName, reason: string) => void,
): Promise<TensorBackend> {
  // Loaded when something is trained: the agent's own thread never needs it.
  const tf = await import('@tensorflow/tfjs-core');
  // Registers the gradients of all kernels, which core leaves out of its Node bundle.
  await import('@tensorflow/tfjs-layers');
  for (const name of wanted) {
    try {
      await openers[name](tf);
      await tf.ready();
      return { name, tf };
    } catch (error) {
      onSkipped?.(name, error instanceof Error ? error.message : String(error));
    }
  }
  throw new TensorBackendError(
    `none of the TensorFlow.js backends ${wanted.join(', ')} loads: reinstall the device package`,
  );
}

const openers: Readonly<Record<BackendName, (tf: typeof Tensors) => Promise<void>>> = {
  async native(tf) {
    // tfjs-node 4.22 still calls two helpers that Node 23 removed.
    const legacy = util as unknown as Record<string, unknown>;
    legacy['isNullOrUndefined'] ??= (value: unknown) => value === null || value === undefined;
    legacy['isArray'] ??= Array.isArray;
    const name = '@tensorflow/tfjs-node';
    await import(name);
    await select(tf, 'tensorflow');
  },
  async wasm(tf) {
    const { setThreadsCount, setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
    const entry = require.resolve('@tensorflow/tfjs-backend-wasm');
    setWasmPaths(`${dirname(entry)}/`);
    // One core: the night disturbs nobody.
    setThreadsCount(1);
    await select(tf, 'wasm');
  },
  async cpu(tf) {
    await import('@tensorflow/tfjs-backend-cpu');
    await select(tf, 'cpu');
  },
};

async function select(tf: typeof Tensors, backend: string): Promise<void> {
  if (!(await tf.setBackend(backend))) throw new TensorBackendError(`backend ${backend} does not start`);
}
