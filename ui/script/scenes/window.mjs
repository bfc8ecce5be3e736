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
  ['send-small-de', '?place=/transfers&locale=de', async (page) => {
    await page.evaluate(() => window.fake.drag({ phase: 'drop', x: 300, y: 300, paths: ['/home/records/Matter 2291', '/home/records/Terms.pdf'] }));
    await page.getByRole('dialog').waitFor();
  }, { width: 640, height: 480 }],
  ['send-typed', '?place=/connections', async (page) => {
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByRole('button', { name: 'Send', exact: true }).click();
  }],
  ['keys', '?place=/transfers', (page) => page.keyboard.press('?')],
  ['narrow', '?place=/transfers', (page) => row(page, 'Site camera 04'), { width: 900, height: 700 }],
  ['small', '?place=/transfers', async () => {}, { width: 640, height: 480 }],
];
