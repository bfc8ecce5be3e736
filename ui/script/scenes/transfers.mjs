// Transfers: the list by run, the side, filters and views, a conflict, and what a person sees while nothing is there.
import { engineGone, row, strangeNames, ZOOMED } from './acts.mjs';

const NARROW = { width: 780, height: 860 };
const SMALL = { width: 640, height: 480 };

export const transfers = [
  ['transfers', '?place=/transfers', (page) => row(page, 'Site camera 04')],
  ['transfers-failed', '?place=/transfers', (page) => row(page, 'INV-88125')],
  ['transfers-empty', '?place=/transfers&day=empty', async () => {}],
  ['transfers-long', '?place=/transfers&day=long', (page) => row(page, 'scan-000004')],
  ['transfers-long-middle', '?place=/transfers&day=long', async (page) => {
    await page.getByRole('row', { name: /scan-000000/ }).waitFor();
    await page.locator('[role=grid] div[role=presentation]').evaluate((list) => {
      list.scrollTop = 2_000_000;
    });
    await page.getByRole('row', { name: /scan-05/ }).first().waitFor();
  }],
  ['transfers-de', '?place=/transfers&locale=de', (page) => row(page, 'INV-88121')],
  ['transfers-run', '?place=/transfers', async (page) => {
    await row(page, 'Nightly invoices');
    await page.keyboard.press('ArrowLeft');
  }],
  ['transfers-menu', '?place=/transfers', async (page) => {
    await page.getByRole('row', { name: /Mail export/ }).click({ button: 'right' });
    await page.getByRole('menuitem', { name: /First in line/ }).waitFor();
  }],
  ['transfers-several', '?place=/transfers', async (page) => {
    await row(page, 'Site camera 04');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
  }],
  ['transfers-search', '?place=/transfers', async (page) => {
    await page.getByRole('searchbox').fill('inv 88');
    await page.getByRole('row', { name: /INV-88121/ }).waitFor();
  }],
  ['transfers-nothing', '?place=/transfers&locale=de', async (page) => {
    await page.getByRole('searchbox').fill('nichts dergleichen');
    await page.getByText('Keine Übertragung passt zur Suche.').waitFor();
  }],
  ['transfers-filtered', '?place=/transfers', async (page) => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('button', { name: 'Any Evidence' }).click();
    await page.getByRole('option', { name: 'matched' }).click();
    await page.getByRole('listbox').waitFor({ state: 'hidden' });
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  }],
  ['transfers-filter', '?place=/transfers', async (page) => {
    await page.getByRole('button', { name: 'Filter', exact: true }).click();
    await page.getByRole('dialog', { name: 'Filter' }).waitFor();
  }],
  ['transfers-limits', '?place=/transfers', async (page) => {
    await page.getByRole('button', { name: 'Bandwidth' }).click();
    await page.getByRole('dialog', { name: 'Bandwidth' }).waitFor();
  }],
  ['transfers-views', '?place=/transfers', async (page) => {
    await page.evaluate(() => window.fake.saveView({ id: null, place: '/transfers', name: 'What failed this week', search: { show: 'failed', time: 'week' } }));
    await page.evaluate(() => window.fake.saveView({ id: null, place: '/transfers', name: 'To the archive', search: { connection: 'c-archive' } }));
    await page.getByRole('button', { name: 'Views' }).click();
    await page.getByRole('menuitem', { name: /Order and rename/ }).click();
    await page.getByRole('dialog').waitFor();
  }],
  ['transfers-unread', '?place=/transfers', async (page) => {
    await page.evaluate(() => window.fake.refusals.set('runPage', { code: 'database', message: 'the database is locked' }));
    await page.evaluate(() => window.fake.topics.tell(['transfers']));
    await page.getByRole('button', { name: 'Read again' }).waitFor();
  }],
  ['transfers-asked', '?place=/transfers', async (page) => {
    await page.evaluate(() => {
      window.fake.data.transfers.find((one) => one.id === 't-04').state = 'preparing';
      window.fake.ask({ id: 'q-1', connectionName: 'evidence-eu', instructions: [], prompts: [{ text: 'One-time code:', shown: true }], secondsLeft: 90 });
    });
    await page.getByText('waits for your answer').first().waitFor();
  }],
  ['transfers-narrow', '?place=/transfers', (page) => row(page, 'Site camera 04'), NARROW],
  ['transfers-middle', '?place=/transfers', (page) => row(page, 'Site camera 04'), { width: 1000, height: 700 }],
  ['transfers-zoomed', '?place=/transfers', (page) => row(page, 'Site camera 04'), ZOOMED],
  ['transfers-loading', '?place=/transfers&hold=runPage', (page) => page.getByRole('button', { name: 'Send files' }).waitFor()],
  ['transfers-offline', '?place=/transfers', async (page) => {
    await engineGone(page);
    await row(page, 'Mail export');
  }],
  ['transfers-names', '?place=/transfers', async (page) => {
    await strangeNames(page);
    await page.getByRole('row', { name: /^Annex/ }).click();
  }],
  ['transfers-runs', '?place=/transfers', async (page) => {
    await page.evaluate(() => {
      const { runs, transfers: files } = window.fake.data;
      const run = runs.find((one) => one.id === 'r-2');
      const file = files.find((one) => one.id === 't-11');
      for (let at = 1; at <= 400; at += 1) {
        runs.push({ ...run, id: `r-many-${at}`, title: `Price list, distributor ${at}`, createdAt: run.createdAt - at * 3_600_000, files: 1, matched: 1, done: 1, bytes: file.size, bytesDone: file.size });
        files.push({ ...file, id: `t-many-${at}`, run: `r-many-${at}`, endedAt: file.endedAt - at * 3_600_000 });
      }
      window.fake.topics.tell(['transfers', 'runs']);
    });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('fold all');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /distributor 10 / }).waitFor();
  }],
  ['transfers-metadata', '?place=/transfers&day=systems', async (page) => {
    await page.evaluate(() => {
      const { transfers: files, metadata } = window.fake.data;
      const value = (key, text) => ({ key, value: { type: 'one', value: text } });
      metadata['r-1'] = [
        { form: '8801', values: [value('title', 'Hollis Marsh frame contract'), value('number', '2291'), value('type', 'Supply'), value('value', '1250000'), value('from', '2027-01-01')] },
        { form: '8802', values: [value('class', '10 years')] },
      ];
      for (const one of files) if (one.run === 'r-1') one.destination = { ...one.destination, connection: 'c-records', connectionName: 'records' };
      window.fake.topics.tell(['transfers', 'runs']);
    });
    await row(page, 'Deposition transcript');
    await page.getByText('10 years').scrollIntoViewIfNeeded();
  }],
  ['transfers-story', '?place=/transfers&locale=de', async (page) => {
    await row(page, 'Site camera 04');
    await page.getByRole('button', { name: '2 davor' }).click();
  }],
  ['transfers-more', '?place=/transfers&locale=de', async (page) => {
    await row(page, 'Mail export');
    await page.getByRole('button', { name: 'Mehr', exact: true }).click();
    await page.getByRole('menuitem', { name: /Als Nächste/ }).waitFor();
  }],
  ['transfers-undo', '?place=/transfers&locale=de', async (page) => {
    await row(page, 'Evidence bundle');
    await page.keyboard.press('p');
    await page.getByRole('button', { name: 'Rückgängig' }).waitFor();
  }],
  ['transfers-small', '?place=/transfers&locale=de', (page) => page.getByRole('row', { name: /Site camera 04/ }).waitFor(), SMALL],
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
