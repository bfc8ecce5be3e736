// What lies over every place, and the window at other sizes.
import { row } from './acts.mjs';

export const overlays = [
  ['palette', '?place=/transfers', async (page) => {
    await page.keyboard.press('Control+k');
    await page.keyboard.type('in');
  }],
  ['palette-de', '?place=/connections&locale=de', (page) => page.keyboard.press('Control+k')],
  ['send', '?place=/transfers', async (page) => {
    await page.evaluate(() => window.fake.drag({ phase: 'drop', x: 700, y: 600, paths: ['/home/records/Matter 2291', '/home/records/Terms.pdf'] }));
    await page.getByRole('dialog').waitFor();
  }],
  ['keys', '?place=/transfers', (page) => page.keyboard.press('?')],
  ['narrow', '?place=/transfers', (page) => row(page, 'Site camera 04'), { width: 900, height: 700 }],
  ['small', '?place=/transfers', async () => {}, { width: 640, height: 480 }],
];
