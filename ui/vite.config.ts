import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vitest/config';

/** What pdf.js fetches while it draws: tables of characters, and the fonts that a PDF may leave out. Our own files, bundled. */
function pdfTables(): Plugin {
  const folder = (name: string) => fileURLToPath(new URL(`./node_modules/pdfjs-dist/${name}/`, import.meta.url));
  return {
    name: 'pdf-tables',
    apply: 'build',
    generateBundle() {
      for (const name of ['cmaps', 'standard_fonts'])
        for (const file of readdirSync(folder(name)))
          this.emitFile({ type: 'asset', fileName: `pdf/${name}/${file}`, source: readFileSync(folder(name) + file) });
    },
  };
}

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
  plugins: [react({ compiler: true }), pdfTables(), ...(mode === 'fake' ? [pseudoLocale] : [])],
  worker: { format: 'es' },
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
    testTimeout: 60_000,
  },
}));
