// Signing in, in the browser: in the form of a connection, in its question, and each way in which it ends.
const WORDS = {
  en: { who: /Who signs in/, person: 'A person, in the browser', now: 'Sign in…', group: 'Sign-in' },
  de: { who: /Wer sich anmeldet/, person: 'Eine Person, im Browser', now: 'Anmelden …', group: 'Anmeldung' },
};

const form = (language) => async (page) => {
  const words = WORDS[language];
  await page.keyboard.press('n');
  await page.getByRole('button', { name: /^OpenText Workflow/ }).click();
  await page.getByRole('button', { name: words.who }).click();
  await page.getByRole('option', { name: words.person }).click();
  await page.locator('input[name=name]').fill('north-tasks');
  await page.locator('input[name=base_url]').fill('https://us.api.opentext.com');
  await page.locator('input[name=tenant]').fill('north');
  await page.locator('input[name=client_id]').fill('waybill-desk');
};

const pressed = (language, prepare = () => {}) => async (page) => {
  await form(language)(page);
  await page.evaluate(prepare);
  await page.getByRole('button', { name: WORDS[language].now }).click();
  await page.getByRole('group', { name: WORDS[language].group, exact: true }).locator('code').waitFor();
  await page.getByRole('group', { name: WORDS[language].group, exact: true }).scrollIntoViewIfNeeded();
};

const deaf = () => Object.assign(window.fake.browser, {
  deaf: {
    code: 'redirect-taken',
    parameters: [{ key: 'port', value: '48123' }, { key: 'why', value: 'Address already in use' }],
    text: 'port 48123 of this computer is taken by another program (Address already in use); end it, or paste the address that the browser shows at its end',
  },
  opens: false,
});

const refused = (language) => async (page) => {
  await pressed(language)(page);
  await page.evaluate(() => window.fake.browser.fail({ code: 'remote', failure: { kind: 'unauthenticated', side: 'destination', message: 'the sign-in was refused (access_denied)', code: null } }));
  await page.getByRole('alert').waitFor();
  await page.getByRole('alert').scrollIntoViewIfNeeded();
};

const kept = (at) => (page) => page.evaluate(([asked]) => {
  const { data, topics } = window.fake;
  data.connections = [...data.connections, {
    ...data.connections[0], id: 'c-tasks', name: 'north-tasks', kind: 'workflow', health: asked ? 'stopped' : 'well', secrets: [{ key: 'refresh_token', vault: 'keyring' }],
    settings: [{ key: 'base_url', value: 'https://us.api.opentext.com' }, { key: 'tenant', value: 'north' }, { key: 'sign_in', value: 'person' }, { key: 'client_id', value: 'waybill-desk' }],
  }];
  if (asked)
    data.attention = [{
      id: 'a-tasks', kind: 'unauthenticated', connection: 'c-tasks', connectionName: 'north-tasks', transfer: null, run: null, raisedAt: Date.now() - 4 * 60_000,
      facts: [{ key: 'message', value: 'the sign-in of north-tasks is over (invalid_grant)' }],
    }];
  topics.tell(['connections', 'attention']);
}, [at === 'asked']);

const edited = async (page) => {
  await kept('well')(page);
  await page.getByRole('option', { name: /north-tasks/ }).click();
  await page.keyboard.press('e');
  await page.locator('input[name=tenant]').waitFor();
};

export const signIn = [
  ...['en', 'de'].flatMap((language) => [
    [`sign-in-waiting-${language}`, `?place=/connections&locale=${language}`, pressed(language)],
    [`sign-in-deaf-${language}`, `?place=/connections&locale=${language}`, pressed(language, deaf)],
    [`sign-in-refused-${language}`, `?place=/connections&locale=${language}`, refused(language)],
    [`add-kinds-many-${language}`, `?place=/connections&kinds=8&locale=${language}`, (page) => page.keyboard.press('n'), { width: 1100, height: 760 }],
  ]),
  ['sign-in', '?place=/connections', form('en')],
  ['sign-in-pasted', '?place=/connections', async (page) => {
    await pressed('en')(page);
    await page.getByRole('button', { name: 'The browser does not come back?' }).click();
    await page.getByRole('textbox', { name: 'Address at which the browser ended' }).fill('https://us.api.opentext.com/login');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the answer of this sign-in.').waitFor();
    await page.getByRole('button', { name: 'Copy address' }).scrollIntoViewIfNeeded();
  }],
  ['sign-in-done', '?place=/connections', async (page) => {
    await pressed('en')(page);
    await page.evaluate(() => window.fake.browser.comeBack());
    await page.getByRole('button', { name: 'Sign in again' }).scrollIntoViewIfNeeded();
  }],
  ['sign-in-lacking', '?place=/connections', async (page) => {
    await form('en')(page);
    await page.locator('input[name=tenant]').fill('');
    await page.getByRole('button', { name: 'Sign in…' }).click();
  }],
  ['sign-in-kept', '?place=/connections', edited],
  ['sign-in-elsewhere', '?place=/connections', async (page) => {
    await edited(page);
    await page.locator('input[name=tenant]').fill('south');
  }],
  ['sign-in-small-de', '?place=/connections&locale=de', pressed('de', deaf), { width: 640, height: 480 }],
  ['sign-in-question', '?place=/today', async (page) => {
    await kept('asked')(page);
    await page.getByText(/north-tasks/).first().waitFor();
    await page.keyboard.press('1');
    await page.getByRole('button', { name: 'Sign in…' }).click();
    await page.getByRole('dialog').locator('code').first().waitFor();
  }],
  ['add-kinds-small', '?place=/connections&kinds=8', (page) => page.keyboard.press('n'), { width: 640, height: 480 }],
];
