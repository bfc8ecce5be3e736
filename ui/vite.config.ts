import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

// The window runs in WebKit, which has had `light-dark()` and nesting since Safari 17.5.
export default defineConfig({
  plugins: [react({ compiler: true })],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  clearScreen: false,
  server: { port: 1420, strictPort: true, host: '127.0.0.1' },
  preview: { host: '127.0.0.1' },
  build: {
    target: ['safari18', 'chrome125'],
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    // It is read from the program's own file, so one piece is as quick as many.
    chunkSizeWarningLimit: 2000,
  },
  test: {
    environment: 'jsdom',
    setupFiles: ['./src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}', 'script/**/*.test.mjs'],
    css: { modules: { classNameStrategy: 'non-scoped' } },
    restoreMocks: true,
    // A whole window is drawn in each; a busy machine takes its time.
    testTimeout: 30_000,
  },
});
