// Today: a busy day, after a night, the first start and its guide; Attention, with one group and with ten thousand questions.
import { engineGone, strangeNames, whileHeld, ZOOMED } from './acts.mjs';

/** As many conflicts of a run beside the questions of the day. */
const crowd = (page, count) =>
  page.evaluate((many) => {
    const { attention } = window.fake.data;
    const like = attention.find((one) => one.kind === 'conflict');
    for (let at = 0; at < many; at += 1) {
      const facts = like.facts.map((one) => (one.key === 'path' ? { ...one, value: `/Invoices/2026/INV-${88000 + at}.pdf` } : one));
      attention.push({ ...like, id: `a-many-${at}`, run: 'r-3', transfer: `t-many-${at}`, facts });
    }
    window.fake.topics.tell(['attention']);
  }, count);

const night = (page) =>
  page.evaluate(() => {
    const hour = 3_600_000;
    const until = Date.now() - 2 * hour;
    Object.assign(window.fake.day, {
      gap: { from: until - 13.6 * hour, until, clockSetBack: false },
      away: { from: until - 14 * hour, until: Date.now() - 25 * 60_000 },
    });
    window.fake.topics.tell(['runs']);
  });

/** Places of the demo, and more, lie on the disk of the desk. */
const oneDisk = (page) =>
  page.evaluate(() => {
    const names = ['demo-samples', 'demo-received', 'scans', 'nightly', `Lieferantenrechnungen-${'Niederlassung-'.repeat(12)}2027`];
    window.fake.data.connections.push(...names.map((name, at) => ({ ...window.fake.data.connections[2], id: `c-disk-${at}`, name })));
    const of = (from, to) => names.slice(from, to).map((name, at) => ({ id: `c-disk-${from + at}`, name }));
    window.fake.day.disks = [
      { connections: of(4, 5), home: false, free: 1.2e9, total: 64e9 },
      { connections: of(0, 2), home: true, free: 212e9, total: 512e9 },
      { connections: of(0, 4), home: true, free: 61e9, total: 4e12 },
    ];
    window.fake.topics.tell(['connections']);
  });

export const today = [
  ['today', '?place=/today', async () => {}],
  ['today-de', '?place=/today&locale=de', night],
  ['today-night', '?place=/today', night],
  ['today-ends', '?place=/today&day=troubled', async () => {}],
  ['today-ends-de', '?place=/today&day=troubled&locale=de', async () => {}],
  ['today-clock', '?place=/today', (page) =>
    page.evaluate(() => {
      Object.assign(window.fake.day, { gap: { from: Date.now() + 7_200_000, until: Date.now() - 60_000, clockSetBack: true } });
      window.fake.topics.tell(['runs']);
    })],
  ['today-first', '?place=/today&day=empty', async () => {}],
  ['today-first-de', '?place=/today&day=empty&locale=de', async () => {}],
  ['today-guide', '?place=/today&day=empty', async (page) => {
    await page.keyboard.press('1');
    await page.getByText('The demo is there').waitFor();
  }],
  ['today-moving', '?place=/today&day=empty', async (page) => {
    await page.keyboard.press('1');
    await page.getByText('The demo is there').waitFor();
    await page.keyboard.press('s');
    await page.getByText('On their way').waitFor();
  }],
  ['today-matched', '?place=/today&day=empty', async (page) => {
    await page.keyboard.press('1');
    await page.getByText('The demo is there').waitFor();
    await page.keyboard.press('s');
    await page.getByText('On their way').waitFor();
    await page.evaluate(() => {
      Object.assign(window.fake.data.runs[0], { matched: 2, done: 2 });
      window.fake.topics.tell(['runs']);
    });
    await page.getByText(/have arrived/).waitFor();
  }],
  ['today-failed', '?place=/today', (page) =>
    page.evaluate(() => {
      window.fake.refusals.set('today', { code: 'database', message: 'the database is locked by another program' });
      window.fake.topics.tell(['runs']);
    })],
  ['today-many', '?place=/today', (page) => crowd(page, 10_000)],
  ['today-disks', '?place=/today', oneDisk],
  ['today-disks-narrow-de', '?place=/today&locale=de', oneDisk, { width: 800, height: 600 }],
  ['today-narrow', '?place=/today', night, { width: 900, height: 700 }],
  ['today-small', '?place=/today', async () => {}, { width: 640, height: 480 }],
  ['today-first-small', '?place=/today&day=empty&locale=de', async () => {}, { width: 640, height: 480 }],
  ['today-zoomed', '?place=/today&locale=de', night, ZOOMED],
  ['today-loading', '?place=/settings', whileHeld('today', 'Control+1')],
  ['today-offline', '?place=/today', engineGone],
  ['today-names', '?place=/today', strangeNames],
  ['today-calm', '?place=/today&locale=de', (page) =>
    page.evaluate(() => {
      window.fake.data.attention = [];
      for (const run of window.fake.data.runs) Object.assign(run, { matched: run.files, done: run.files, failed: 0, bytesDone: run.bytes });
      for (const one of window.fake.data.transfers) Object.assign(one, { state: 'done', evidence: 'matched', failure: null });
      window.fake.topics.tell(['transfers', 'runs', 'attention']);
    })],
  ['today-demo', '?place=/today', async (page) => {
    await page.evaluate(async () => {
      await window.fake.demoJoin();
      await window.fake.send({ sources: ['/tmp/waybill-demo/samples/Read me first.txt'], connection: 'c-demo-s3', folder: '/', conflict: 'ask', proof: 'matched', forms: [] });
    });
    await page.getByText('Demo', { exact: true }).waitFor();
  }],
  ['attention-one-de', '?place=/attention&locale=de', (page) =>
    page.evaluate(() => {
      window.fake.data.attention.splice(0, 1);
      window.fake.topics.tell(['attention']);
    })],
  ['attention-failed', '?place=/attention', (page) =>
    page.evaluate(() => {
      window.fake.refusals.set('needs', { code: 'database', message: 'the database is locked by another program' });
      window.fake.topics.tell(['attention']);
    })],
  ['attention-offline', '?place=/attention', engineGone],
  ['attention-names', '?place=/attention', strangeNames],
  ['attention-zoomed', '?place=/attention&locale=de', (page) => crowd(page, 300), ZOOMED],
  ['attention', '?place=/attention', async () => {}],
  ['attention-many', '?place=/attention', async (page) => {
    await crowd(page, 10_000);
    await page.getByRole('button', { name: /^Show each: 10,000/ }).click();
    await page.getByRole('button', { name: 'Show more' }).waitFor();
  }],
  ['attention-many-de', '?place=/attention&locale=de', (page) => crowd(page, 10_000)],
  ['attention-all', '?place=/attention', async (page) => {
    await crowd(page, 300);
    await page.getByRole('button', { name: /Answer all/ }).click();
    await page.locator('section[role=alertdialog]').waitFor();
  }],
  ['attention-empty', '?place=/attention&day=empty', async () => {}],
  ['attention-small', '?place=/attention', (page) => crowd(page, 300), { width: 640, height: 480 }],
];
