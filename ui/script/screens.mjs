// Pictures of the window over the fake desk, light and dark, into ui/screens. Each scene fails on what axe finds, on what
// the console complains about, and on a window that never comes to rest. Time stands still in them, so that the same
// window gives the same picture.
//
//   node script/screens.mjs [WORD]            takes those whose name holds the word; look at ui/screens
//   node script/screens.mjs --compare [WORD]  fails as well where one differs from the approved picture in ui/pictures
//   node script/screens.mjs --update [WORD]   approves what was taken
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { Album } from './pictures/album.mjs';
import { drawnBy } from './pictures/drawn-by.mjs';
import { bytesMove, newScene, stillPicture, untilQuiet } from './pictures/still.mjs';
import { scenes } from './scenes/all.mjs';

const require = createRequire(import.meta.url);
const axe = require.resolve('axe-core/axe.min.js');
const screens = new URL('../screens/', import.meta.url).pathname;
const approved = new URL('../pictures/', import.meta.url).pathname;

const flags = process.argv.slice(2).filter((word) => word.startsWith('--'));
const words = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const unknown = flags.find((flag) => !['--compare', '--update'].includes(flag));
if (unknown) throw new Error(`screens.mjs knows --compare and --update, not ${unknown}`);
const wanted = new RegExp(words.length > 0 ? words.join('|') : '.');

const wantedScenes = scenes.filter(([name]) => wanted.test(name)).map(([name, address, act, viewport]) => ({ name, address, act, viewport }));
const SCHEMES = ['light', 'dark'];
const nameOf = (scene, scheme) => `${scene.name}-${scheme}`;

mkdirSync(screens, { recursive: true });
const server = await preview({ mode: 'fake', build: { outDir: 'dist-fake' }, preview: { port: 0, host: '127.0.0.1' } });
const base = server.resolvedUrls.local[0];
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  // What a screen's settings would change in the edges of letters is switched off.
  args: ['--no-sandbox', '--font-render-hinting=none', '--disable-lcd-text', '--force-color-profile=srgb'],
});
const album = new Album({ approved, screens, drawnBy: drawnBy(browser), compare: flags.includes('--compare'), update: flags.includes('--update') });

/** Takes the pictures of a scene in one window, one scheme after the other, and answers what is wrong with each. */
async function take(scene, schemes) {
  const page = await newScene(browser, { viewport: scene.viewport, colorScheme: schemes[0] });
  const faults = new Map(schemes.map((scheme) => [scheme, []]));
  let now = schemes[0];
  const say = (fault) => faults.get(now).push(fault);
  page.on('console', (message) => ['error', 'warning'].includes(message.type()) && say(message.text()));
  page.on('pageerror', (error) => say(error.stack));
  try {
    await page.goto(`${base}${scene.address}&still`);
    await page.getByRole('main').waitFor();
    await untilQuiet(page);
    await scene.act(page);
    await untilQuiet(page);
    await bytesMove(page);
    await page.addScriptTag({ path: axe });
    for (now of schemes) {
      await page.emulateMedia({ colorScheme: now });
      await untilQuiet(page);
      for (const fault of await album.take(nameOf(scene, now), await stillPicture(page))) say(fault);
      const { violations } = await page.evaluate(() => window.axe.run());
      for (const { id, nodes } of violations) say(`${id}: ${nodes.slice(0, 3).map((node) => `${node.target} ${node.failureSummary}`).join(' | ')}`);
    }
  } catch (error) {
    // What comes after it was not seen either.
    for (const scheme of schemes.slice(schemes.indexOf(now))) faults.get(scheme).push(String(error));
  }
  await page.context().close();
  return faults;
}

/**
 * Judges the pictures of a scene. A fault counts when a fresh window that was never in the other scheme shows one as well;
 * what only the first window had is printed all the same.
 */
async function judged(scene) {
  // What is approved was never in the other scheme either.
  if (!album.compares) return new Map(await Promise.all(SCHEMES.map(async (scheme) => [scheme, (await take(scene, [scheme])).get(scheme)])));
  const first = await take(scene, SCHEMES);
  const last = new Map();
  for (const [scheme, faults] of first) {
    const second = faults.length === 0 ? faults : (await take(scene, [scheme])).get(scheme);
    if (faults.length > 0 && second.length === 0) {
      again += 1;
      for (const fault of faults) console.log(`${nameOf(scene, scheme)}: at the first take only: ${fault}`);
    }
    last.set(scheme, second);
  }
  return last;
}

let passed = 0;
let failed = 0;
let again = 0;
const waiting = [...wantedScenes];
async function worker() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    for (const [scheme, faults] of await judged(next)) {
      for (const fault of faults) console.log(`${nameOf(next, scheme)}: ${fault}`);
      if (faults.length > 0) failed += 1;
      else passed += 1;
    }
  }
}
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
await browser.close();
await server.close();

for (const orphan of words.length > 0 ? [] : album.orphans(wantedScenes.flatMap((scene) => SCHEMES.map((scheme) => nameOf(scene, scheme))))) {
  console.log(`${orphan}: approved, but no scene takes it any more`);
  failed += 1;
}
console.log(`Pictures in ${screens}`);
for (const line of album.summary()) console.log(line);
if (again > 0) console.log(`${again} were as they should be at the second take only`);
console.log(`${passed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 || passed === 0 ? 1 : 0;
