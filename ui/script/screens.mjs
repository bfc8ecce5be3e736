// Pictures of the window over the fake desk, light and dark: `npm run screens`, then look at ui/screens. Each fails on
// what axe finds and on what the console complains about; `node script/screens.mjs WORD` takes some of them.
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const require = createRequire(import.meta.url);
const out = new URL('../screens/', import.meta.url).pathname;
mkdirSync(out, { recursive: true });

const row = (page, name) => page.getByRole('row', { name }).click();
const card = (page, name) => page.getByRole('option', { name }).click();

/** Name, address, and what is done before the picture is taken. */
const scenes = [
  ['transfers', '?place=/transfers', (page) => row(page, 'Site camera 04')],
  ['transfers-failed', '?place=/transfers', (page) => row(page, 'INV-88125')],
  ['transfers-empty', '?place=/transfers&day=empty', async () => {}],
  ['transfers-long', '?place=/transfers&day=long', (page) => row(page, 'scan-000004')],
  ['transfers-de', '?place=/transfers&locale=de', (page) => row(page, 'INV-88121')],
  ['connections', '?place=/connections', (page) => card(page, 'hm-court')],
  ['connections-drop', '?place=/connections', async (page) => {
    const box = await page.getByRole('option', { name: 'north-gmbh' }).boundingBox();
    await page.evaluate(([x, y]) => window.fake.drag({ phase: 'over', x, y, count: 3 }), [box.x + 40, box.y + 40]);
  }],
  ['connections-empty', '?place=/connections&day=empty', async () => {}],
  ['connections-de', '?place=/connections&locale=de', (page) => card(page, 'evidence-eu')],
  ['send', '?place=/transfers', async (page) => {
    await page.evaluate(() => window.fake.drag({ phase: 'drop', x: 700, y: 600, paths: ['/home/records/Matter 2291', '/home/records/Terms.pdf'] }));
    await page.getByRole('dialog').waitFor();
  }],
  ['add', '?place=/connections', async (page) => {
    await page.keyboard.press('n');
    await page.getByRole('button', { name: /^SFTP/ }).click();
    await page.getByRole('textbox', { name: 'Host' }).waitFor();
  }],
  ['add-kinds', '?place=/connections', (page) => page.keyboard.press('n')],
  ['key-unknown', '?place=/connections', async (page) => {
    await card(page, 'lab-intake');
    await page.keyboard.press('t');
    await page.getByRole('button', { name: 'Answer…' }).first().click();
    await page.locator('section[role=alertdialog]').waitFor();
  }],
  ['key-changed', '?place=/connections', async (page) => {
    await card(page, 'hm-court');
    await page.getByRole('button', { name: /Replace the pinned key/ }).click();
    await page.getByRole('textbox', { name: /Fingerprint/ }).fill('SHA256:pW4fJq2mY8bN0cVtR6xK1sLzQ3eHuD5gAaTjI7oE9xQ');
  }],
  ['conflict', '?place=/transfers', async (page) => {
    await row(page, 'Exhibit list');
    await page.getByRole('button', { name: 'Answer…' }).first().click();
    await page.locator('section[role=alertdialog]').waitFor();
  }],
  ['transfers-demo', '?place=/transfers&day=demo', async () => {}],
  ['transfers-stopped', '?place=/transfers&locale=de', (page) => row(page, 'Disclosure index')],
  ['toast', '?place=/transfers', async (page) => {
    await row(page, 'INV-88125');
    await page.evaluate(() => window.fake.raise({ id: 'a-t', kind: 'disk-full', connection: null, connectionName: null, transfer: null, run: null, raisedAt: Date.now(), facts: [] }));
  }],
  ...['en', 'de'].flatMap((language) => [
    [`test-running-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await page.evaluate(() => Object.assign(window.fake, { stepByStep: true }));
      await card(page, 'north-gmbh');
      await page.keyboard.press('t');
      await page.waitForTimeout(100);
      await page.evaluate(() => window.fake.goOn());
    }],
    [`test-noted-${language}`, `?place=/connections&locale=${language}`, async (page) => {
      await card(page, 'north-gmbh');
      await page.keyboard.press('t');
    }],
    [`question-${language}`, `?place=/connections&locale=${language}`, (page) =>
      page.evaluate(() => window.fake.ask({
        id: '1', connectionName: 'north-gmbh', instructions: ['Two-step sign-in of Northwind.', 'The code changes every 30 seconds.'],
        prompts: [{ text: 'One-time code:', visible: true }, { text: 'PIN:', visible: false }], secondsLeft: 110,
      }))],
  ]),
  ['keys', '?place=/transfers', (page) => page.keyboard.press('?')],
  ['gallery', '?gallery', async () => {}, { width: 1360, height: 2400 }],
  ['gallery-narrow', '?gallery', async () => {}, { width: 800, height: 3600 }],
  ['gallery-menu', '?gallery', (page) => page.getByRole('row', { name: 'Defence' }).click({ button: 'right' })],
  ['gallery-tree', '?gallery', async (page) => {
    await page.getByRole('row', { name: 'Incoming' }).click();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
      await page.keyboard.press(key);
  }],
  ...['Last question', 'Last question, typed', 'Command palette', 'Keys', 'Undo notice'].map((name) => [
    `gallery-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`,
    '?gallery',
    (page) => page.getByRole('button', { name, exact: true }).click(),
  ]),
  ['narrow', '?place=/transfers', (page) => row(page, 'Site camera 04'), { width: 900, height: 700 }],
  ['small', '?place=/transfers', async () => {}, { width: 640, height: 480 }],
];

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
