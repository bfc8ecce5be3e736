// Browse: the chosen entry, hostile files, unfinished uploads, and a comparison.
import { row } from './acts.mjs';

const MATTER = `?place=${encodeURIComponent('/browse?at=c-evidence&path=/matter-2291')}`;
const TOP = `?place=${encodeURIComponent('/browse?at=c-evidence&path=/')}`;

/** A tab of the side. */
const tab = (page, name) => page.getByRole('tab', { name }).click();

/** Opens a hostile file and fails where anything of it ran, asked for something outside, or led away. */
const hostile = (name, shown) => async (page) => {
  const asked = [];
  page.on('request', (request) => {
    if (/203\.0\.113\./.test(request.url())) asked.push(request.url());
  });
  page.on('dialog', (dialog) => {
    asked.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.evaluate((file) => window.fake.folders.tree('c-evidence').get('/matter-2291').push({ path: `/matter-2291/${file}`, name: file, kind: 'file', size: 300, modified: Date.now(), version: null, addressable: true, facts: [] }), name);
  await page.getByRole('row', { name: 'matter-2291' }).dblclick();
  await row(page, name);
  await page.locator('#entry-side').getByText(shown).first().waitFor();
  await page.waitForTimeout(1500);
  const state = await page.evaluate(() => ({ pwned: window.pwned, scripts: document.querySelectorAll('#entry-side script, #entry-side iframe, #entry-side a[href]').length, at: location.hostname }));
  if (state.pwned || state.scripts > 0 || asked.length > 0 || state.at !== '127.0.0.1') throw new Error(`${name} did something: ${JSON.stringify({ ...state, asked })}`);
};

async function tools(page, name) {
  await page.getByRole('button', { name: /Folder tools|Ordner-Werkzeuge/ }).first().click();
  await page.getByRole('menuitem', { name }).click();
}

async function plan(page, words = { compare: 'Compare', folder: 'Folder on this computer' }) {
  await tools(page, /Compare with|Mit einem Ordner/);
  await page.getByRole('textbox', { name: words.folder }).fill('/home/records/Documents/Matter 2291');
  await page.getByRole('button', { name: words.compare, exact: true }).click();
  await page.getByRole('row', { name: /Exhibit 2.pdf/ }).waitFor();
}

export const browseEntry = [
  ['entry-pdf', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await page.getByText('Page 1 of 3').first().waitFor();
  }],
  ['entry-table', MATTER, async (page) => {
    await row(page, 'Index of documents.csv');
    await page.locator('#entry-side').getByText('Exhibit 3; certified').waitFor();
  }],
  ['entry-markdown', MATTER, async (page) => {
    await row(page, 'Notes.md');
    await page.locator('#entry-side').getByText('Notes on matter 2291').waitFor();
  }],
  ['entry-details', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Details');
  }],
  ['entry-tags-de', `${MATTER}&locale=de`, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Details');
    await page.getByRole('button', { name: 'Tags bearbeiten' }).click();
    await page.getByRole('textbox', { name: 'Wert 1' }).fill('<2291>');
  }],
  ['entry-versions', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Versions');
    await page.getByText('3 versions').waitFor();
  }],
  ['entry-version-delete', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Versions');
    await page.getByRole('button', { name: /What can be done/ }).last().click();
    await page.getByRole('menuitem', { name: /Delete this version/ }).click();
  }],
  ['entry-retention', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Details');
    await page.getByRole('button', { name: 'Set retention…' }).click();
    await page.getByRole('radio', { name: 'Compliance' }).click();
    await page.getByRole('textbox', { name: 'Until the end of' }).fill('2036-12-31');
  }],
  ['entry-link', MATTER, async (page) => {
    await row(page, 'Claim.pdf');
    await page.getByText('Page 1 of').first().waitFor();
    await page.getByRole('button', { name: 'Make a link…' }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
  }],
  ['entry-narrow-de', `${MATTER}&locale=de`, async (page) => {
    await row(page, 'Claim.pdf');
    await tab(page, 'Versionen');
  }, { width: 640, height: 480 }],
  ['hostile-html', TOP, hostile('hostile.html', 'a web page, shown as its source')],
  ['hostile-svg', TOP, hostile('hostile.svg', '300 × 120')],
  ['hostile-pdf', TOP, hostile('hostile.pdf', 'Page 1 of 1')],
  ['hostile-markdown', TOP, hostile('hostile.md', 'Harmless')],
  ['hostile-text', TOP, hostile('hostile.txt', 'a guess')],
  ['uploads', MATTER, async (page) => {
    await tools(page, 'Unfinished uploads');
    await page.getByRole('row', { name: /Site camera 02/ }).click();
  }],
  ['uploads-none-de', `${MATTER}&locale=de`, async (page) => {
    await page.evaluate(() => {
      window.fake.entries.uploads = [];
    });
    await tools(page, 'Unvollendete');
  }],
  ['compare-small', MATTER, (page) => plan(page), { width: 640, height: 480 }],
  ['compare-ask-de', `${MATTER}&locale=de`, (page) => tools(page, /Mit einem Ordner/), { width: 640, height: 480 }],
  ['compare-ask', MATTER, (page) => tools(page, /Compare with/)],
  ['compare-plan', MATTER, (page) => plan(page)],
  ['compare-plan-de', `${MATTER}&locale=de`, (page) => plan(page, { compare: 'Vergleichen', folder: 'Ordner auf diesem Rechner' })],
  ['compare-remove', MATTER, async (page) => {
    await plan(page);
    await page.getByRole('row', { name: /superseded/ }).click();
    await page.keyboard.press(' ');
    await page.getByText('1 to remove').waitFor();
    await page.getByRole('button', { name: 'Run as shown' }).click();
  }],
  ['compare-ran', MATTER, async (page) => {
    await plan(page);
    await page.getByRole('button', { name: 'Run as shown' }).click();
    await page.getByText('exactly as it was shown').waitFor();
  }],
  ['compare-many', MATTER, async (page) => {
    await page.evaluate(() => {
      window.fake.comparisons.size = 100_000;
    });
    await plan(page);
  }],
];
