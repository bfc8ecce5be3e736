// The window and its operating system: what comes from outside, the end, and what is said above every place.
const LONG = `Anlage ${'sehr '.repeat(45)}lang.pdf`;

const drop = (measures, paths) => async (page) => {
  await page.evaluate(([all, dropped]) => {
    for (const [path, measure] of all) window.fake.system.measures.set(path, measure);
    window.fake.drag({ phase: 'drop', x: 700, y: 600, paths: dropped });
  }, [measures, paths]);
  await page.getByRole('dialog').waitFor();
};

const become = (change) => (page) => page.evaluate((shell) => window.fake.system.become(shell), change);

/** One connection stands still, though its server refused nobody. */
const standsStill = (code, fact, message) => async (page) => {
  await page.evaluate(([its, [key, value], text]) => {
    const failure = { kind: 'unauthenticated', side: 'destination', code: its, message: text };
    window.fake.data.connections = window.fake.data.connections.map((one) => (one.id === 'c-north' ? { ...one, health: 'stopped', failure } : one));
    window.fake.data.attention = [{
      id: 'a-closed', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null,
      raisedAt: Date.now() - 4 * 60_000, facts: [{ key, value }, { key: 'message', value: text }],
    }];
    window.fake.topics.tell(['connections', 'attention']);
  }, [code, fact, message]);
  await page.getByText(/^(vault closed|keyring silent|proxy sign-in|north-gmbh: .*|waits for the passphrase|wartet auf die Passphrase|Anmeldung am Proxy)$/).first().waitFor();
};

/** The encrypted file of secrets was not opened yet. */
const vaultCloses = standsStill('vault-closed', ['vault-closed', 'file'], 'the secret password cannot be had');
const keyringSilent = standsStill(
  'keyring-silent', ['vault-closed', 'keyring'],
  "the secret password of north-gmbh cannot be had: the system's keyring cannot be reached: it did not answer within 8 seconds",
);
const proxyRefuses = standsStill(
  'proxy-sign-in', ['proxy-sign-in', 'http://proxy.harbour.example:3128'],
  'the proxy http://proxy.harbour.example:3128 does not take this user and password, so files.northwind.example:22 is not reached; correct them under Settings, Network',
);

/** The card is chosen, or its question answered by the first key of Today. */
const chosen = (stands) => async (page) => {
  await stands(page);
  await page.getByRole('option', { name: /north-gmbh/ }).click();
};
const answered = (stands) => async (page) => {
  await stands(page);
  await page.keyboard.press('1');
  await page.getByRole('dialog').waitFor();
};

/** A run to it was just started, and its folder cannot be looked through. */
const runHeld = async (page) => {
  await page.evaluate(() => {
    const [like] = window.fake.data.runs;
    const none = { counting: true, files: 0, matched: 0, done: 0, failed: 0, bytes: 0, bytesDone: 0, running: 0, waiting: 0, paused: 0, needsYou: 0 };
    window.fake.data.runs = [{ ...like, ...none, id: 'r-held', title: 'Terms of delivery 2027', createdAt: Date.now() - 60_000 }, ...window.fake.data.runs];
    window.fake.day.held.set('r-held', 'a-closed');
    window.fake.topics.tell(['runs']);
  });
  await vaultCloses(page);
};

const askToQuit = (tray) => async (page) => {
  await page.evaluate((has) => window.fake.system.quitAskings.tell({ question: 1, files: 1204, tray: has }), tray);
  await page.getByRole('alertdialog').waitFor();
};

const HOME = '/home/records';
const MANY = drop(
  [
    [`${HOME}/Matter 2291`, { folder: true, files: 1204, bytes: 3_400_000_000 }],
    [`${HOME}/Scans`, { folder: true, files: 90_000, bytes: 48_000_000_000, complete: false }],
    [`${HOME}/gone.pdf`, { files: 0, bytes: 0, problem: 'No such file' }],
  ],
  [`${HOME}/Matter 2291`, `${HOME}/Scans`, `${HOME}/Terms.pdf`, `${HOME}/gone.pdf`, `${HOME}/${LONG}`, `${HOME}/a\u202egpj.exe\nb`],
);

export const system = [
  ['dropped-many', '?place=/transfers', MANY],
  ['dropped-many-de', '?place=/transfers&locale=de', MANY],
  ['dropped-small', '?place=/transfers', MANY, { width: 640, height: 480 }],
  ['pasted', '?place=/transfers', async (page) => {
    await page.evaluate(() => {
      window.fake.system.pasted = { paths: [], elsewhere: 0, loose: { id: '1', name: 'Pasted picture 2026-11-21 14.02.07.png', bytes: 482_100 } };
    });
    await page.keyboard.press('Control+v');
    await page.getByRole('dialog').waitFor();
  }],
  ['quit', '?place=/transfers', askToQuit(false)],
  ['quit-tray-de', '?place=/transfers&locale=de', askToQuit(true)],
  ['quit-small', '?place=/transfers', askToQuit(true), { width: 640, height: 480 }],
  ['engine-elsewhere', '?place=/transfers', become({ engine: { state: 'elsewhere' } })],
  ['engine-down-de', '?place=/transfers&locale=de', become({ engine: { state: 'down', reason: 'the file engine.lock cannot be opened: Permission denied' } })],
  ['engine-down-asked-de', '?place=/transfers&locale=de', async (page) => {
    await become({ engine: { state: 'down', reason: 'the file engine.lock cannot be opened: Permission denied' } })(page);
    await page.keyboard.press('Control+o');
    await page.getByRole('dialog').getByRole('status').getByText('Zurzeit bewegen sich keine Dateien').waitFor();
  }],
  ['vault-closed-today-de', '?place=/today&locale=de', vaultCloses],
  ['vault-closed-card', '?place=/connections', chosen(vaultCloses)],
  ['keyring-silent-card', '?place=/connections', chosen(keyringSilent)],
  ['keyring-silent-asked-de', '?place=/today&locale=de', answered(keyringSilent)],
  ['proxy-sign-in-card-de', '?place=/connections&locale=de', chosen(proxyRefuses)],
  ['proxy-sign-in-asked', '?place=/today', answered(proxyRefuses)],
  ['run-held', '?place=/transfers', async (page) => {
    await runHeld(page);
    await page.getByText('Terms of delivery 2027').click();
    await page.getByRole('complementary').waitFor();
  }],
  ['run-held-small-de', '?place=/transfers&locale=de', runHeld, { width: 800, height: 600 }],
  ['graphics-small', '?place=/transfers', become({ engine: { state: 'elsewhere' }, safeGraphics: 'remembered' }), { width: 640, height: 480 }],
  ['graphics', '?place=/connections', become({ safeGraphics: 'not-painted' })],
];
