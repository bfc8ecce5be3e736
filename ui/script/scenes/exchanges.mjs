// What was said with web services: nothing, some, very much, one that nobody answered, and an address that ends nowhere.
const LIST = /^(Requests|Anfragen)$/;

/** The requests themselves come with the fake desk: `said=some` or `said=many`. */
const open = (language = 'en') => async (page) => {
  await page.getByRole('option', { name: language === 'de' ? 'Hilfe von anderen' : 'Help from others' }).first().click();
  await page.getByRole('button', { name: language === 'de' ? 'Was mit Webdiensten gesprochen wurde …' : 'What was said with web services…' }).click();
  await page.getByRole('dialog').waitFor();
};

const chosen = (name, language) => async (page) => {
  await open(language)(page);
  const grid = page.getByRole('grid', { name: LIST });
  await grid.getByRole('row', { name }).first().click();
  // Reaching for a row may scroll the list, or may not: it is looked at from its beginning.
  await grid.evaluate((one) => {
    for (let at = one; at; at = at.parentElement) at.scrollTop = 0;
    for (const inner of one.querySelectorAll('*')) inner.scrollTop = 0;
  });
};

export const exchanges = [
  ['said-empty', '?place=/settings', open()],
  ['said-empty-de', '?place=/settings&locale=de', open('de')],
  ['said', '?place=/settings&said=some', chosen(/tasks\?start/)],
  ['said-de', '?place=/settings&said=some&locale=de', chosen(/500/, 'de')],
  ['said-failed', '?place=/settings&said=some', chosen(/no answer/)],
  ['said-many', '?place=/settings&said=many', async (page) => {
    await open()(page);
    await page.getByRole('searchbox', { name: /Find in addresses/ }).fill('token');
  }],
  ['said-long', '?place=/settings&said=many', open()],
  ['said-none-found-de', '?place=/settings&said=some&locale=de', async (page) => {
    await open('de')(page);
    await page.getByRole('searchbox', { name: /In Adressen/ }).fill('niemand');
  }],
  ['said-loading', '?place=/settings&hold=exchanges', open()],
  ['said-refused', '?place=/settings&refuse=exchanges', open()],
  ['said-small-de', '?place=/settings&said=some&locale=de', open('de'), { width: 640, height: 480 }],
  ['said-narrow', '?place=/settings&said=many', open(), { width: 900, height: 700 }],
];
