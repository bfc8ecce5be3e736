import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vitest/config';

/** Lets the fake build say every message in a language that nobody speaks: `src/ipc/fake/pseudo.ts`. */
const pseudoLocale: Plugin = {
  name: 'pseudo-locale',
  transform: (code, id) =>
    id.includes('/messages/compiled/messages/')
      ? code.replace(/return (en_\w+)\(inputs\)/, 'return globalThis.speakPseudo ? globalThis.speakPseudo($1, inputs) : $1(inputs)')
      : undefined,
};

// The window runs in WebKit, which has had `light-dark()` and nesting since Safari 17.5.
export default defineConfig(({ mode }) => ({
  plugins: [react({ compiler: true }), ...(mode === 'fake' ? [pseudoLocale] : [])],
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
}));
