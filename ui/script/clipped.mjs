// Looks for text that is cut and for words without a translation: every scene once more in a language that nobody speaks,
// 40 % longer (src/ipc/fake/pseudo.ts).
//
//   node script/clipped.mjs [WORD]   those scenes whose name holds the word; needs `npm run build:fake`
import { chromium } from 'playwright-core';
import { preview } from 'vite';
import { newScene, untilQuiet } from './pictures/still.mjs';
import { scenes } from './scenes/all.mjs';

const wanted = new RegExp(process.argv[2] ?? '.');
/** The gallery shows the kit with made-up words, and a scene in German speaks for itself. */
const isMeant = ([name, address]) => wanted.test(name) && !address.includes('gallery') && !address.includes('locale=');

const server = await preview({ mode: 'fake', build: { outDir: 'dist-fake' }, preview: { port: 0, host: '127.0.0.1' } });
const base = server.resolvedUrls.local[0];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

/** Runs in the page. */
async function look() {
  const data = JSON.stringify([window.fake.data, window.fake.samples, window.fake.day?.disks, window.fake.day?.demo, await window.fake.about(), await window.fake.connectionSpecs(), window.fake.folders?.names()]);
  /** Names, paths and what is put together of them; what is drawn in place of a mark stands in names alone. */
  const isData = (text) => text.startsWith('/') || /[⟨␊]/u.test(text) || text.split(/[,:/]\s*/).every((piece) => data.includes(JSON.stringify(piece).slice(1, -1)));
  // Phrases of connectors: a test of the shell holds their translations against them.
  const ofConnectors = new Set(['Name found', 'Host key']);
  const told = new Map();
  const tell = (what, text) => told.set(`${what}: ${text.slice(0, 90)}`, true);
  const isHidden = (element) => {
    const style = getComputedStyle(element);
    return style.visibility === 'hidden' || style.clipPath.includes('50%') || element.getClientRects().length === 0;
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const text = node.data.trim();
    const owner = node.parentElement;
    if (!text || !owner || owner.closest('script, style, [aria-hidden=true], kbd, .uplot, [translate=no]')) continue;
    let hidden = false;
    for (let at = owner; at; at = at.parentElement) hidden ||= isHidden(at);
    if (hidden) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const box = range.getBoundingClientRect();
    for (let at = owner; at && at !== document.documentElement; at = at.parentElement) {
      const style = getComputedStyle(at);
      const scrolls = (way) => way === 'auto' || way === 'scroll';
      const frame = at.getBoundingClientRect();
      const titled = owner.closest('[title], [aria-label]') !== null || at.querySelector('[title]') !== null;
      if (scrolls(style.overflowX) && scrolls(style.overflowY)) break;
      const cutAcross = (style.overflowX === 'hidden' || style.overflowX === 'clip') && (box.right > frame.right + 1.5 || box.left < frame.left - 1.5);
      if (cutAcross && !(style.textOverflow === 'ellipsis' && titled)) {
        tell('cut', text);
        break;
      }
      if (cutAcross) break;
      const clamped = style.webkitLineClamp !== 'none' && titled;
      const cutBelow = !clamped && (style.overflowY === 'hidden' || style.overflowY === 'clip') && box.bottom > frame.bottom + 2 && box.top < frame.bottom;
      if (cutBelow) {
        tell('cut below', text);
        break;
      }
      if (scrolls(style.overflowX) || scrolls(style.overflowY)) break;
    }
    const isWord = /\p{L}{3,}/u.test(text.replaceAll(/\b(kB|MB|GB|TB|MiB|KiB|min|sec|hr|Ctrl|SHA|UTF|Waybill)\b/g, ''));
    const isMoment = /^[\w ,.:/]*\d[\w ,.:/]*$/.test(text) || /ago$|^now$|yesterday|tomorrow/.test(text);
    if (isWord && !isMoment && !text.includes('⟧') && !ofConnectors.has(text) && !isData(text)) tell('without words', text);
  }
  return [...told.keys()];
}

let found = 0;
for (const [name, address, act, viewport] of scenes.filter(isMeant)) {
  const page = await newScene(browser, { viewport, colorScheme: 'light' });
  try {
    await page.goto(`${base}${address}&locale=pseudo&still`);
    await page.getByRole('main').waitFor();
    await untilQuiet(page);
    page.setDefaultTimeout(5000);
    await act(page).catch(() => console.log(`${name}: its words cannot be found in this language; looked at as it is`));
    await untilQuiet(page);
    const faults = await page.evaluate(look);
    for (const fault of faults) console.log(`${name}: ${fault}`);
    found += faults.length;
    await page.screenshot({ path: new URL(`../screens/pseudo-${name}.png`, import.meta.url).pathname });
  } catch (error) {
    console.log(`${name}: ${error}`);
    found += 1;
  }
  await page.context().close();
}
await browser.close();
await server.close();
console.log(`${found} found`);
process.exitCode = found > 0 ? 1 : 0;
