// Pictures of the window over the fake desk, light and dark: `npm run screens`, then look at ui/screens. Each fails on
// what axe finds and on what the console complains about; `node script/screens.mjs WORD` takes some of them.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { connections } from './scenes/connections.mjs';
import { gallery } from './scenes/gallery.mjs';
import { transfers } from './scenes/transfers.mjs';
import { overlays } from './scenes/window.mjs';

const require = createRequire(import.meta.url);
const out = new URL('../screens/', import.meta.url).pathname;
mkdirSync(out, { recursive: true });

/** Name, address, what is done before the picture is taken, and the size of the window. */
const scenes = [...transfers, ...connections, ...overlays, ...gallery];

const wanted = process.argv[2] ? new RegExp(process.argv[2]) : /./;
const server = await preview({ mode: 'fake', build: { outDir: 'dist-fake' }, preview: { port: 0, host: '127.0.0.1' } });
const base = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const axeSource = require.resolve('axe-core/axe.min.js');
let passed = 0;
let failed = 0;
for (const [name, address, act, viewport = { width: 1360, height: 860 }] of scenes) {
  if (!wanted.test(name)) continue;
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.newPage({ viewport, colorScheme, reducedMotion: 'reduce' });
    const faults = [];
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && faults.push(message.text()));
    page.on('pageerror', (error) => faults.push(error.stack));
    try {
      await page.goto(base + address);
      await page.getByRole('main').waitFor();
      await page.waitForTimeout(400);
      await act(page);
      // Long enough for the fake to move some bytes, so that bars and the chart are seen.
      await page.waitForTimeout(1800);
      await page.screenshot({ path: `${out}${name}-${colorScheme}.png` });
      await page.addScriptTag({ path: axeSource });
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, nodes } of violations)
        faults.push(`${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
    } catch (error) {
      faults.push(String(error));
    }
    for (const fault of faults) console.log(`${name}, ${colorScheme}: ${fault}`);
    if (faults.length > 0) failed += 1;
    else passed += 1;
    await page.close();
  }
}
await browser.close();
await server.close();
console.log(`Pictures in ${out}`);
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 ? 1 : 0;
