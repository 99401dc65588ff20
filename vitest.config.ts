import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{protocol,device,hub,apps,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['test/frame/own-temp-folder.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
    // As the launcher starts the product's processes: V8 must not free WebAssembly in two threads at once.
    execArgv: ['--no-wasm-code-gc'],
  },
});
