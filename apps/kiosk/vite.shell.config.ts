import { builtinModules } from 'node:module';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** The Electron side: the main process, and its preload as one CommonJS file (a sandboxed preload cannot import). */
export default defineConfig(({ mode }) => ({
  build: {
    outDir: file('dist-shell'),
    emptyOutDir: mode !== 'preload',
    target: 'node24',
    minify: false,
    ssr: mode === 'preload' ? file('shell/preload.ts') : file('shell/main.ts'),
    rolldownOptions: {
      external: ['electron', ...builtinModules, /^node:/],
      output:
        mode === 'preload'
          ? { format: 'cjs', entryFileNames: 'preload.cjs' }
          : { format: 'esm', entryFileNames: 'main.mjs' },
    },
  },
}));
