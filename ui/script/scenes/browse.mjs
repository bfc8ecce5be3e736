// Browse: folders in every state, and what is asked before something is done.
import { row } from './acts.mjs';

const at = (connection, path, more = '') => `?place=${encodeURIComponent(`/browse?at=${connection}&path=${path}`)}${more}`;
const delay = (page) => page.waitForTimeout(200);

export const browse = [
  ...['en', 'de'].map((language) => [`browse-${language}`, at('c-archive', '/2027', `&locale=${language}`), async (page) => {
    await row(page, 'Claim.pdf');
    await page.getByText(/(Page|Seite) 1 /).first().waitFor();
  }]),
  ['browse-tree', at('c-archive', '/2027/Exhibits'), async (page) => {
    const tree = page.getByRole('treegrid');
    await tree.getByRole('row', { name: 'archive' }).getByRole('button').click();
    await tree.getByRole('row', { name: '2027' }).getByRole('button').click();
    await page.keyboard.press('Control+t');
  }],
  ['browse-names', at('c-evidence', '/names'), delay],
  ['browse-names-de', at('c-evidence', '/names', '&locale=de'), async (page) => {
    await row(page, 'long name');
    await page.getByText(/Seite 1 /).first().waitFor();
  }],
  ['browse-one', at('c-archive', '/'), async (page) => {
    await page.evaluate(() => window.fake.folders.crowd('c-archive', '/2027', 1));
    await page.getByRole('grid').getByRole('row', { name: /^2027/ }).dblclick();
    await page.getByRole('row', { name: /page-000001/ }).waitFor();
  }],
  ['browse-loading', at('c-archive', '/'), async (page) => {
    await page.evaluate(() => {
      window.fake.folders.quiet = true;
    });
    await page.getByRole('grid').getByRole('row', { name: /^2027/ }).dblclick();
  }],
  ['browse-gone-de', at('c-nobody', '/', '&locale=de'), delay],
  ['browse-pasted', at('c-north', '/in'), async (page) => {
    await page.evaluate(() => {
      window.fake.system.pasted = { paths: ['/home/records/Terms.pdf', '/home/records/Matter 2291'], elsewhere: 0, loose: null };
    });
    await page.keyboard.press('Control+v');
    await page.getByText('2 entries are on their way').waitFor();
  }],
  ['browse-several', at('c-evidence', '/matter-2291'), async (page) => {
    await row(page, 'Claim.pdf');
    await page.keyboard.press('Shift+ArrowDown');
  }],
  ['browse-empty', at('c-evidence', '/empty'), delay],
  ['browse-here', at('this-computer', '/home/records/Documents'), delay],
  ['browse-many', at('c-archive', '/'), async (page) => {
    await page.evaluate(() => {
      window.fake.folders.crowd('c-archive', '/2027', 100_000);
      window.fake.folders.holds = true;
    });
    await page.getByRole('grid').getByRole('row', { name: /^2027/ }).dblclick();
    await page.getByRole('row', { name: /page-000001/ }).waitFor();
  }],
  ['browse-found', at('c-archive', '/2027'), async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('exhib');
  }],
  ...['failed', 'denied', 'offline', 'stopped'].map((kind) => [`browse-${kind}`, at('c-archive', '/'), async (page) => {
    await page.evaluate((word) => {
      const kinds = { failed: 'vendor', denied: 'denied', offline: 'unreachable', stopped: 'host-key-changed' };
      window.fake.folders.barred.set('c-north:/in', { code: 'remote', failure: { kind: kinds[word], side: 'destination', message: 'north-gmbh: the server answered with an error', code: null } });
    }, kind);
    await page.keyboard.press('Control+l');
    await page.keyboard.press('Escape');
    const tree = page.getByRole('treegrid');
    await tree.getByRole('row', { name: 'north-gmbh' }).click();
    await page.getByRole('grid').getByRole('row', { name: /^in/ }).dblclick();
    await page.getByRole('alert').waitFor();
  }]),
  ['browse-menu', at('c-evidence', '/matter-2291'), async (page) => {
    await row(page, 'Claim.pdf');
    await page.getByText('Page 1 of').first().waitFor();
    await page.getByRole('row', { name: /Claim.pdf/ }).click({ button: 'right' });
    await page.getByRole('menu').waitFor();
  }],
  ['browse-rename', at('c-north', '/in'), async (page) => {
    await row(page, 'order-77120');
    await page.keyboard.press('F2');
  }],
  ...['en', 'de'].map((language) => [`browse-delete-${language}`, at('c-archive', '/2027', `&locale=${language}`), async (page) => {
    await page.getByRole('row', { name: /Exhibits/ }).last().click();
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').waitFor();
  }]),
  ['browse-delete-versions', at('c-evidence', '/intake'), async (page) => {
    await row(page, 'scan-0001');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').waitFor();
  }],
  ...['en', 'de'].map((language) => [`browse-deleted-file-${language}`, at('c-evidence', '/intake', `&locale=${language}`), async (page) => {
    await row(page, 'scan-0001');
    await page.keyboard.press('Delete');
    const question = page.getByRole('alertdialog');
    await question.getByRole('button', { name: language === 'en' ? 'Delete' : 'Löschen', exact: true }).click();
    await question.waitFor({ state: 'hidden' });
    await page.keyboard.press('Control+l');
    await page.keyboard.press('Control+a');
    await page.keyboard.type('/intake/scan-0001.pdf');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
  }]),
  ['browse-stayed', at('c-archive', '/2027'), async (page) => {
    await page.evaluate(() => window.fake.folders.kept.set('/2027/Exhibits/Exhibit 1.pdf', 'held'));
    await page.getByRole('row', { name: /Exhibits/ }).last().click();
    await page.keyboard.press('Delete');
    await page.getByRole('alertdialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByRole('button', { name: 'Which, and why' }).click();
  }],
  ...['en', 'de'].map((language) => [`browse-copy-${language}`, at('c-evidence', '/intake', `&locale=${language}`), async (page) => {
    await row(page, 'scan-0001');
    await page.getByText(/(Page|Seite) 1 /).first().waitFor();
    await page.keyboard.press('Control+Shift+C');
    await page.getByRole('dialog').waitFor();
  }]),
  ['browse-drag', at('c-archive', '/2027'), async (page) => {
    const from = await page.getByRole('row', { name: /Claim.pdf/ }).boundingBox();
    const to = await page.getByRole('row', { name: /Exhibits/ }).last().boundingBox();
    await page.mouse.move(from.x + 80, from.y + 20);
    await page.mouse.down();
    await page.mouse.move(to.x + 120, to.y + 20, { steps: 5 });
  }],
  ['browse-drop', at('c-archive', '/2027'), async (page) => {
    const box = await page.getByRole('row', { name: /Exhibits/ }).last().boundingBox();
    await page.evaluate(([x, y]) => window.fake.drag({ phase: 'over', x, y, count: 3 }), [box.x + 120, box.y + 20]);
  }],
  ['browse-scaled', at('c-archive', '/2027/Exhibits'), delay, { width: 1088, height: 688, scale: 1.25 }],
  ['browse-icons-de', at('c-archive', '/2027/Exhibits', '&locale=de'), (page) => page.keyboard.press('Control+t'), { width: 780, height: 640 }],
  ['browse-narrow', at('c-archive', '/2027'), async (page) => {
    await row(page, 'Claim.pdf');
    await page.getByText('Page 1 of').first().waitFor();
  }, { width: 900, height: 700 }],
  ['browse-small', at('c-archive', '/2027/Exhibits'), delay, { width: 640, height: 480 }],
  ['browse-zoomed', at('c-archive', '/2027'), delay, { width: 680, height: 430 }],
];
