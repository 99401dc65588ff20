import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Modules with native parts stay outside; electron-builder packs them. */
const native = ['electron', '@serialport/bindings-cpp', '@lydell/node-pty', '@tensorflow/tfjs-node'];

const parts: Readonly<Record<string, { entry: string; format: 'esm' | 'cjs'; name: string }>> = {
  production: { entry: 'shell/main.ts', format: 'esm', name: 'main.mjs' },
  // A sandboxed preload cannot import, so it is one CommonJS file.
  preload: { entry: 'shell/preload.ts', format: 'cjs', name: 'preload.cjs' },
  // The agent in one file: Node does not run TypeScript out of a package's node_modules.
  agent: { entry: '../cli/packaged-agent.ts', format: 'esm', name: 'agent.mjs' },
  // The agent's thread for learning, beside it.
  night: { entry: '../../device/agent/night-thread.ts', format: 'esm', name: 'night-thread.mjs' },
};

/** The Electron side, one part per `--mode`: production (the main process), preload, agent. */
export default defineConfig(({ mode }) => {
  const part = parts[mode];
  if (!part) throw new Error(`--mode is one of ${Object.keys(parts).join(', ')}`);
  return {
    ssr: { noExternal: true, external: native },
    build: {
      outDir: file('dist-shell'),
      emptyOutDir: mode === 'production',
      target: 'node24',
      minify: false,
      ssr: file(part.entry),
      rolldownOptions: {
        external: [...native, ...builtinModules, /^node:/],
        output: { format: part.format, entryFileNames: part.name },
      },
    },
  };
});
