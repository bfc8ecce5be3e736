// Browse on systems of vendors: columns of their own, metadata in forms, and the search of a remote.
import { row } from './acts.mjs';

const at = (connection, path, more = '') => `?day=systems&place=${encodeURIComponent(`/browse?at=${connection}&path=${path}`)}${more}`;
const LIBRARY = at('c-library', '/Brand 2027');
const CONTRACTS = at('c-records', '/Contracts');
const here = (page) => page.getByRole('grid').getByRole('row').nth(2).waitFor();

async function details(page, name, word = 'Details') {
  await row(page, name);
  await page.locator('#entry-side').getByRole('tab', { name: word }).click();
}

/** Opens a form of the chosen entry. */
async function edit(page, form, word = 'Edit') {
  await page.getByRole('button', { name: word === 'Edit' ? `Edit ${form}…` : `${form} bearbeiten…` }).click();
  await page.getByRole('dialog').waitFor();
}

async function search(page, text) {
  await page.keyboard.press('/');
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
}

async function wrong(page, words) {
  await page.getByRole('textbox', { name: words.title }).fill('');
  await page.getByRole('textbox', { name: words.value }).fill('1.250.000,00');
  await page.getByRole('textbox', { name: words.from }).fill('01.04.2026');
  await page.getByRole('button', { name: words.save }).click();
}

/** Opens the same form for three files, and empties two of its fields. */
async function empty(page, words) {
  await row(page, 'Framework');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('button', { name: words.menu }).click();
  await page.getByRole('menuitem', { name: words.fill }).click();
  await page.getByRole('textbox', { name: 'Value in EUR' }).fill('1250.00');
  for (const name of words.empty) await page.getByRole('button', { name }).click();
}

export const browseSystems = [
  ['columns-canto', LIBRARY, here],
  ['columns-xecm', CONTRACTS, here],
  ['columns-sorted-de', at('c-library', '/Brand 2027', '&locale=de'), async (page) => {
    await here(page);
    await page.getByRole('columnheader', { name: 'Rights until' }).click();
  }],
  ['columns-narrow', LIBRARY, async (page) => {
    await details(page, 'harbour at dawn');
  }, { width: 780, height: 620 }],
  ['columns-1100', CONTRACTS, here, { width: 1100, height: 640 }],
  ['columns-800-de', at('c-records', '/Contracts', '&locale=de'), here, { width: 800, height: 560 }],
  ['columns-640', LIBRARY, here, { width: 640, height: 480 }],
  ...['en', 'de'].map((language) => [`columns-menu-${language}`, at('c-records', '/Personnel', `&locale=${language}`), async (page) => {
    await page.getByRole('grid').getByRole('row').nth(1).waitFor();
    await page.getByRole('button', { name: language === 'de' ? 'Spalten' : 'Columns', exact: true }).click();
    await page.getByRole('menu').waitFor();
  }]),
  ...['en', 'de'].map((language) => [`no-folders-${language}`, at('c-tasks', '/', `&locale=${language}`), async (page) => {
    await page.getByText(language === 'de' ? 'north-tasks hat keine Ordner' : 'north-tasks has no folders').waitFor();
  }]),
  ['preview-drawn-de', at('c-library', '/Brand 2027', '&locale=de'), async (page) => {
    await details(page, 'Price list cover', 'Vorschau');
    await page.getByText('So zeigt es brand-library').waitFor();
  }],
  ['cards-systems', '?day=systems&place=/connections', async (page) => {
    await page.getByRole('option', { name: /north-tasks/ }).click();
  }],
  ['forms-shown', CONTRACTS, async (page) => {
    await details(page, 'Framework');
    await page.getByRole('table', { name: 'Parties' }).scrollIntoViewIfNeeded();
  }],
  ['forms-shown-de', at('c-records', '/Contracts', '&locale=de'), (page) => details(page, 'Framework')],
  ['forms-none', CONTRACTS, (page) => details(page, 'Orbis')],
  ['forms-failed', CONTRACTS, async (page) => {
    await page.evaluate(() => window.fake.refusals.set('entryForms', { code: 'remote', failure: { kind: 'unreachable', side: 'destination', message: 'records.north.example did not answer', code: null } }));
    await details(page, 'Lease');
  }],
  ['forms-edit', CONTRACTS, async (page) => {
    await details(page, 'Framework');
    await edit(page, 'Contract');
  }],
  ['forms-wrong', CONTRACTS, async (page) => {
    await details(page, 'Framework');
    await edit(page, 'Contract');
    await wrong(page, { title: 'Title', value: 'Value in EUR', from: 'Valid from', save: 'Save' });
  }],
  ['forms-wrong-de', at('c-records', '/Contracts', '&locale=de'), async (page) => {
    await details(page, 'Framework');
    await edit(page, 'Contract', 'bearbeiten');
    await wrong(page, { title: 'Title', value: 'Value in EUR', from: 'Valid from', save: 'Speichern' });
  }],
  ['forms-rows', CONTRACTS, async (page) => {
    await details(page, 'Framework');
    await edit(page, 'Contract');
    await page.getByRole('button', { name: 'Add a row: Parties' }).click();
    await page.getByRole('button', { name: 'Add a row: Parties' }).click();
    await page.getByRole('button', { name: 'Add a row: Parties' }).scrollIntoViewIfNeeded();
  }],
  ['forms-refused', CONTRACTS, async (page) => {
    await page.evaluate(() => window.fake.formsOnEntries.refused.set('/Contracts/Framework agreement Lumen.pdf', 'Title: another contract has this title'));
    await details(page, 'Framework');
    await edit(page, 'Contract');
    await page.getByRole('textbox', { name: 'Title' }).fill('Lumen');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByRole('alert').scrollIntoViewIfNeeded();
  }],
  ['forms-take-off', CONTRACTS, async (page) => {
    await details(page, 'Framework');
    await page.getByRole('button', { name: 'Take off Retention' }).click();
  }],
  ['forms-many-failed', CONTRACTS, async (page) => {
    await page.evaluate(() => window.fake.formsOnEntries.refused.set('/Contracts/Non-disclosure agreement ACME.pdf', 'It is reserved by m.okafor'));
    await row(page, 'Framework');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+ArrowDown');
    await page.getByRole('button', { name: 'What can be done' }).click();
    await page.getByRole('menuitem', { name: /Fill in for 3/ }).click();
    await page.getByRole('textbox', { name: 'Responsible' }).fill('a.vogel');
    await page.getByRole('button', { name: 'Fill in for 3 files' }).click();
    await page.getByText('Refused: 1 of 3').scrollIntoViewIfNeeded();
  }],
  ['forms-many-emptied', CONTRACTS, (page) => empty(page, { menu: 'What can be done', fill: /Fill in for 3/, empty: ['Empty Signed on each file', 'Empty Keywords on each file', 'Empty Valid from on each file'] })],
  ['forms-many-emptied-de', at('c-records', '/Contracts', '&locale=de'), (page) => empty(page, { menu: 'Was getan werden kann', fill: /Für 3 Dateien ausfüllen/, empty: ['Signed bei jeder Datei leeren', 'Valid from bei jeder Datei leeren'] })],
  ['forms-found', CONTRACTS, async (page) => {
    await page.evaluate(() => {
      const names = ['Contract supplement', 'Contract, vendor', 'Customs tariff', 'Delivery note', 'Drawing data', 'Incoming invoice', 'Insurance', 'Inspection report', 'Lease data', 'Personnel file', 'Project', 'Quality record', 'Rental contract', 'Tender', 'Vendor master'];
      window.fake.formsOnEntries.more.push(...names.map((name, index) => ({ id: `91${index}`, name, attributes: [] })));
    });
    await details(page, 'Framework');
    await page.getByRole('button', { name: 'Add form…' }).click();
    await page.getByRole('searchbox', { name: 'Find a form' }).fill('contract');
  }],
  ['forms-narrow-de', at('c-records', '/Contracts', '&locale=de'), async (page) => {
    await details(page, 'Framework');
    await edit(page, 'Contract', 'bearbeiten');
    await page.getByRole('button', { name: 'Zeile hinzufügen: Parties' }).scrollIntoViewIfNeeded();
  }, { width: 640, height: 480 }],
  ['search-typed', LIBRARY, async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('harbour');
  }],
  ['search-results', LIBRARY, async (page) => {
    await search(page, 'harbour');
    await row(page, 'harbour site');
  }],
  ['search-results-de', at('c-library', '/Brand 2027', '&locale=de'), (page) => search(page, 'harbour')],
  ['search-sorted', LIBRARY, async (page) => {
    await search(page, 'harbour');
    const folder = page.getByRole('columnheader', { name: 'In folder' });
    await folder.click();
    await folder.click();
    await row(page, 'harbour site');
  }],
  ['search-many', CONTRACTS, async (page) => {
    await page.evaluate(() => window.fake.folders.crowd('c-records', '/Personnel/Scans', 400));
    await search(page, 'page-');
  }],
  ['search-filters', CONTRACTS, async (page) => {
    await search(page, 'agreement');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('textbox', { name: 'Media type' }).fill('application/pdf');
  }],
  ['search-filters-de', at('c-library', '/Brand 2027', '&locale=de'), async (page) => {
    await search(page, 'harbour');
    await page.getByRole('button', { name: 'Filter' }).last().click();
    await page.getByRole('dialog').waitFor();
  }],
  ['search-filters-more', LIBRARY, async (page) => {
    await search(page, 'harbour');
    await page.getByRole('button', { name: 'Filters' }).click();
    await page.getByRole('button', { name: 'More filters' }).click();
    await page.getByLabel('From').first().fill('2027-01-04');
    await page.getByRole('button', { name: 'More filters' }).scrollIntoViewIfNeeded();
  }],
  ['search-empty', LIBRARY, (page) => search(page, 'helicopter')],
  ['search-failed', LIBRARY, async (page) => {
    await page.evaluate(() => window.fake.refusals.set('browseSearch', { code: 'remote', failure: { kind: 'timed-out', side: 'destination', message: 'north.canto.example: no answer within 30 s', code: null } }));
    await search(page, 'harbour');
  }],
  ['search-loading', LIBRARY, async (page) => {
    await page.evaluate(() => {
      window.fake.browseSearch = () => new Promise(() => {});
      window.fake.hold('browseSearch');
    });
    await search(page, 'harbour');
  }],
  ['search-narrow-de', at('c-library', '/Brand 2027', '&locale=de'), async (page) => {
    await search(page, 'harbour');
  }, { width: 640, height: 480 }],
];
