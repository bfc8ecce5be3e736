// Metadata of files that are sent: the question before a send, and its part of the dialogs that ask where to.

const at = (path, more = '') => `?day=systems&place=${encodeURIComponent(`/browse?at=c-records&path=${path}`)}${more}`;
const DRAFTS = '/Contracts/Drafts';

const SCANS = ['/home/records/Offer 1.pdf', '/home/records/Offer 2.pdf', '/home/records/Annex.docx'];
const MATTER = '/home/records/Matter 2291';

/** Paths of a scene are files; this one is a folder. */
const matter = (page) => page.evaluate((path) => window.fake.system.measures.set(path, { folder: true, files: 38, bytes: 41_200_000 }), MATTER);

/** Lets something fall on the folder that is shown, three scans where nothing else is said. */
async function drop(page, paths = SCANS) {
  const row = page.getByRole('grid').getByRole('row', { name: /draft 4/ });
  await row.waitFor();
  const box = await row.boundingBox();
  await page.evaluate(([x, y, ...dropped]) => window.fake.drag({ phase: 'drop', x, y, paths: dropped }), [box.x + 80, box.y + 20, ...paths]);
  await page.getByRole('dialog').waitFor();
}

async function wrong(page, word) {
  await page.getByRole('textbox', { name: 'Begins with' }).fill('01.04.2027');
  await page.getByRole('button', { name: word, exact: true }).click();
}

/** A folder with forms whose fields have one name. */
async function alike(page) {
  await page.evaluate((folder) => window.fake.formsOnEntries.askAlike(folder), DRAFTS);
  await drop(page);
}

async function copy(page) {
  await page.getByRole('row', { name: 'Orbis.docx' }).click();
  await page.keyboard.press('Control+Shift+C');
  await page.getByRole('textbox', { name: 'Pfad' }).fill('Contracts/Drafts');
  await page.getByRole('button', { name: 'Der Ordner verlangt 1 Wert' }).waitFor();
}

/** Asks where two files go, and names a folder of the records. */
async function send(page, folder, words) {
  await matter(page);
  await page.evaluate((path) => window.fake.drag({ phase: 'drop', x: 700, y: 600, paths: [path, '/home/records/Terms.pdf'] }), MATTER);
  await page.getByRole('dialog').getByRole('button', { name: words.to }).click();
  await page.getByRole('option', { name: 'records', exact: true }).click();
  await page.getByRole('textbox', { name: words.folder }).fill(folder);
  await page.getByRole('button', { name: words.metadata, exact: true }).waitFor();
}

const ENGLISH = { to: / To$/, folder: 'Folder there', metadata: 'Metadata' };
const GERMAN = { to: / Nach$/, folder: 'Ordner dort', metadata: 'Metadaten' };

export const metadata = [
  ['metadata-lacking', at(DRAFTS), (page) => drop(page)],
  ['metadata-lacking-de', at(DRAFTS, '&locale=de'), (page) => drop(page)],
  ['metadata-wrong', at(DRAFTS), async (page) => {
    await drop(page);
    await wrong(page, 'Send');
  }],
  ['metadata-narrow-de', at(DRAFTS, '&locale=de'), async (page) => {
    await drop(page);
    await wrong(page, 'Senden');
  }, { width: 640, height: 480 }],
  ['metadata-leaving', at(DRAFTS), async (page) => {
    await drop(page);
    await page.keyboard.type('a.vogel');
    await page.keyboard.press('Escape');
    await page.getByRole('alertdialog').waitFor();
  }],
  ['metadata-nothing-sent', at(DRAFTS), async (page) => {
    await drop(page);
    await page.keyboard.press('Escape');
    await page.getByText('Nothing was sent').waitFor();
  }],
  ['metadata-send-lacking', '?day=systems&place=/transfers', async (page) => {
    await send(page, 'Contracts/Drafts', ENGLISH);
    await page.getByRole('textbox', { name: 'Reviewer' }).scrollIntoViewIfNeeded();
  }],
  ['metadata-send-added-de', '?day=systems&place=/transfers&locale=de', async (page) => {
    await send(page, 'Personnel', GERMAN);
    await page.getByRole('button', { name: 'Metadaten', exact: true }).click();
    await page.getByRole('button', { name: 'Formular hinzufügen…' }).click();
    await page.getByRole('menuitem', { name: 'Legal review' }).click();
    // The menu gives the focus back to its button as it goes.
    await page.getByRole('menu').waitFor({ state: 'detached' });
    // The pointer stands where the menu was, and what lies below it then would be drawn as pointed at.
    await page.mouse.move(2, 2);
    await page.getByRole('textbox', { name: 'Begins with' }).focus();
    await page.getByRole('textbox', { name: 'Opinion' }).focus();
  }],
  ['metadata-send-folded', '?day=systems&place=/transfers', async (page) => {
    await send(page, '/', ENGLISH);
    await page.getByRole('button', { name: 'Metadata', exact: true }).scrollIntoViewIfNeeded();
  }],
  ['metadata-send-unasked', '?day=systems&place=/transfers', async (page) => {
    await page.evaluate(() => window.fake.refusals.set('formsExpected', { code: 'remote', failure: { kind: 'timed-out', side: 'destination', message: 'records.north.example: no answer within 30 s', code: null } }));
    await send(page, 'Personnel', ENGLISH);
    await page.getByRole('button', { name: 'Metadata', exact: true }).click();
    await page.getByText('could not be asked').scrollIntoViewIfNeeded();
  }],
  ['metadata-folders-de', at(DRAFTS, '&locale=de'), async (page) => {
    await matter(page);
    await drop(page, [...SCANS, MATTER]);
  }],
  ['metadata-alike', at(DRAFTS), alike],
  ...['en', 'de'].map((language) => [`metadata-alike-wrong-${language}`, at(DRAFTS, `&locale=${language}`), async (page) => {
    await alike(page);
    await page.getByRole('button', { name: /^(Add a row|Zeile hinzufügen)/ }).click();
    await page.getByRole('textbox', { name: /^Telep/ }).fill('+49 30 1234567');
    await page.getByRole('button', { name: language === 'en' ? 'Send' : 'Senden', exact: true }).click();
    await page.getByRole('alert').waitFor();
  }, language === 'de' ? { width: 640, height: 720 } : undefined]),
  ['metadata-room', at(DRAFTS), async (page) => {
    await alike(page);
    await page.getByRole('textbox', { name: 'Supplier / Vendor Number, 1 of 2' }).fill('70044120');
    await page.getByRole('textbox', { name: 'Purchase / Vendor Number' }).fill('7004-4120-01');
    await page.getByRole('textbox', { name: 'Supplier / Vendor Number, 2 of 2' }).fill('7004');
  }],
  ['metadata-copy-de', at('/Contracts', '&locale=de'), copy],
  ['metadata-copy-narrow-de', at('/Contracts', '&locale=de'), copy, { width: 640, height: 480 }],
  ['metadata-copy-led-de', at('/Contracts', '&locale=de'), async (page) => {
    await copy(page);
    await page.getByRole('button', { name: 'Metadaten', exact: true }).click();
    await page.getByRole('button', { name: 'Der Ordner verlangt 1 Wert' }).click();
  }, { width: 640, height: 480 }],
];
