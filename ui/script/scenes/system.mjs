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

/** The encrypted file of secrets was not opened yet, and one connection stands still for it. */
const vaultCloses = async (page) => {
  await page.evaluate(() => {
    const failure = { kind: 'unauthenticated', side: 'destination', code: 'vault-closed', message: 'the secret password cannot be had' };
    window.fake.data.connections = window.fake.data.connections.map((one) => (one.id === 'c-north' ? { ...one, health: 'stopped', failure } : one));
    window.fake.data.attention = [{
      id: 'a-closed', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null,
      raisedAt: Date.now() - 4 * 60_000, facts: [{ key: 'vault-closed', value: 'file' }, { key: 'message', value: failure.message }],
    }];
    window.fake.topics.tell(['connections', 'attention']);
  });
  await page.getByText(/^(vault closed|north-gmbh: Der Tresor ist geschlossen)$/).first().waitFor();
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
  ['vault-closed-card', '?place=/connections', async (page) => {
    await vaultCloses(page);
    await page.getByRole('option', { name: /north-gmbh/ }).click();
  }],
  ['graphics-small', '?place=/transfers', become({ engine: { state: 'elsewhere' }, safeGraphics: 'remembered' }), { width: 640, height: 480 }],
  ['graphics', '?place=/connections', become({ safeGraphics: 'not-painted' })],
];
