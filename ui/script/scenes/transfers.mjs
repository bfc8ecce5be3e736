// Transfers: the queue, the side, a conflict.
import { row } from './acts.mjs';

export const transfers = [
  ['transfers', '?place=/transfers', (page) => row(page, 'Site camera 04')],
  ['transfers-failed', '?place=/transfers', (page) => row(page, 'INV-88125')],
  ['transfers-empty', '?place=/transfers&day=empty', async () => {}],
  ['transfers-long', '?place=/transfers&day=long', (page) => row(page, 'scan-000004')],
  ['transfers-de', '?place=/transfers&locale=de', (page) => row(page, 'INV-88121')],
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
];
