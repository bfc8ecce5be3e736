// A field map beside its sample: empty, filled, with rows that do not fit, as text, in a small window.
const SAMPLE = JSON.stringify({
  id: 'e-7', type: 'invoice.received', subject: 'Lieferantenrechnung 4711',
  data: { order: '4711', vendor: { name: 'Nordwind GmbH' }, total: '1.204,50', due: '31.01.2027', tags: ['rent', 'q1'] },
}, null, 2);

const ROWS = [
  { target: 'order', pointer: '/data/order', required: true },
  { target: 'vendor/name', template: '{/data/vendor/name} ({subject})' },
  { target: 'total', pointer: '/data/total', type: 'number', decimal: ',' },
  { target: 'due', pointer: '/data/due', type: 'date', format: '%d.%m.%Y', zone: 'Europe/Berlin' },
  { target: 'channel', constant: 'purchasing' },
];
const FAULTY = [
  { target: 'total', pointer: '/data/total', type: 'number' },
  { target: 'vendor', pointer: '/data/vendor/id', required: true },
  { target: 'tags', pointer: '/data/tags', type: 'list', separator: ';' },
];

const WORDS = {
  en: { more: 'More settings', map: 'Field map of what comes', edit: 'Edit the rows…', sample: /^Sample/, text: 'The map as JSON', json: 'JSON', rows: 'Rows', over: /fits?\.$/ },
  de: { more: 'Weitere Einstellungen', map: 'Feldzuordnung nach innen', edit: 'Zeilen bearbeiten …', sample: /^Beispiel/, text: 'Die Zuordnung als JSON', json: 'JSON', rows: 'Zeilen', over: /(passt|passen nicht)\.$/ },
};

const form = async (page, language) => {
  const words = WORDS[language];
  await page.keyboard.press('n');
  await page.getByRole('button', { name: /^xConnector/i }).click();
  await page.locator('input[name=name]').fill('partner');
  await page.getByRole('button', { name: words.more }).click();
};

const open = async (page, language) => {
  const words = WORDS[language];
  await form(page, language);
  await page.getByRole('group', { name: words.map }).getByRole('button', { name: words.edit }).click();
  await page.getByRole('dialog', { name: words.map }).waitFor();
};

const filled = (language, rows) => async (page) => {
  const words = WORDS[language];
  await open(page, language);
  await page.getByText(words.json, { exact: true }).click();
  await page.getByRole('textbox', { name: words.text }).fill(JSON.stringify(rows, null, 2));
  await page.getByRole('textbox', { name: words.sample }).fill(SAMPLE);
  await page.getByText(words.rows, { exact: true }).click();
  await page.getByRole('status').filter({ hasText: words.over }).waitFor();
  // Filling scrolls to the end of the text, typing begins at its head.
  await page.getByRole('textbox', { name: words.sample }).evaluate((area) => {
    area.scrollTop = 0;
  });
  // The dialog grew under the pointer: what lies below it now is not pointed at.
  await page.mouse.move(1, 1);
};

export const fieldMap = [
  ['field-map-empty', '?place=/connections&kinds', (page) => open(page, 'en')],
  ...['en', 'de'].flatMap((language) => [
    [`field-map-${language}`, `?place=/connections&kinds&locale=${language}`, filled(language, ROWS)],
    [`field-map-fault-${language}`, `?place=/connections&kinds&locale=${language}`, filled(language, FAULTY)],
  ]),
  ['field-map-text', '?place=/connections&kinds', async (page) => {
    await open(page, 'en');
    await page.getByText('JSON', { exact: true }).click();
    await page.getByRole('textbox', { name: 'The map as JSON' }).fill('{ "order": "/data/order" }');
    await page.getByText(/^It is no list of rows/).waitFor();
  }],
  ['field-map-form-de', '?place=/connections&kinds&locale=de', async (page) => {
    await filled('de', ROWS)(page);
    await page.getByRole('button', { name: 'Fertig' }).click();
    await page.getByRole('group', { name: WORDS.de.map }).scrollIntoViewIfNeeded();
  }],
  ['field-map-small-de', '?place=/connections&kinds&locale=de', filled('de', ROWS), { width: 640, height: 480 }],
];
