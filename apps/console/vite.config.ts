import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The console: static files with relative addresses, served by the hub. */
export default defineConfig({
  root: fileURLToPath(new URL('screens', import.meta.url)),
  base: './',
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    target: ['chrome130', 'firefox131', 'safari18'],
    // The pages' policy is default-src 'self': no data: addresses.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
});
