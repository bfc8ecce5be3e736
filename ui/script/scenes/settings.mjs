// Settings: every section, the timetable, what is refused, and what could not be read.
const choose = (name) => (page) => page.getByRole('option', { name }).first().click();

const limits = async (page) => {
  await page.evaluate(() => window.fake.setLimits({
    bytesPerSecond: 20e6, filesAtOnce: 8, filesPerConnection: null,
    timetable: { on: true, slots: [
      { days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'], hours: { from: 480, to: 1080 }, bytesPerSecond: 5e6 },
      { days: ['saturday'], hours: { from: 1320, to: 360 }, bytesPerSecond: null },
    ] },
  }));
};

const manual = async (page, radio, address) => {
  await page.getByRole('option', { name: /^(Network|Netzwerk)/ }).click();
  await page.getByRole('radio', { name: radio }).click();
  await page.getByRole('textbox', { name: address }).fill('socks5://proxy');
};

export const settings = [
  ...['en', 'de'].flatMap((locale) => [
    [`settings-limits-${locale}`, `?place=/settings&locale=${locale}`, limits, { width: 1360, height: 1500 }],
    [`settings-network-${locale}`, `?place=/settings&locale=${locale}`, async (page) => {
      await manual(page, locale === 'en' ? 'This one' : 'Dieser', /^(Address|Adresse)/);
      await page.getByRole('textbox', { name: /^(File|Datei)/ }).fill('/etc/ssl/wrong.txt');
      await page.getByRole('button', { name: /^(Save|Speichern)$/ }).click();
    }],
    [`settings-vault-${locale}`, `?place=/settings&locale=${locale}`, async (page) => {
      await page.evaluate(() => { window.fake.kept.vaults[1] = { ...window.fake.kept.vaults[1], exists: true, open: true, trouble: null, secrets: 2 }; });
      await choose(/^(Secrets|Geheimnisse)/)(page);
    }],
    [`settings-data-${locale}`, `?place=/settings&locale=${locale}`, async (page) => {
      await page.evaluate(() => window.fake.setHistorySettings({ keepDays: 365 }));
      await choose(/^(Data|Daten)/)(page);
      await page.getByRole('button', { name: /^(Check the|Datenbank pr)/ }).click();
    }],
  ]),
  ['settings-notices', '?place=/settings', choose('Notices')],
  ['settings-notices-de', '?place=/settings&locale=de', async (page) => {
    await choose('Hinweise')(page);
    await page.getByText('Zu festen Stunden').click();
  }],
  ['settings-window', '?place=/settings', choose('Window and tray')],
  ['settings-window-de', '?place=/settings&locale=de', choose('Fenster und Infobereich')],
  ['settings-looks', '?place=/settings', choose('Language and looks')],
  ['settings-looks-de', '?place=/settings&locale=de', choose('Sprache und Aussehen')],
  ['settings-operator', '?place=/settings', choose('Operator')],
  ['settings-operator-de', '?place=/settings&locale=de', choose('Bediener')],
  ['settings-about-de', '?place=/settings&locale=de', choose('Über')],
  ['settings-vault-none', '?place=/settings', async (page) => {
    await page.evaluate(() => {
      window.fake.kept.vaults = window.fake.kept.vaults.map((vault) => ({ ...vault, open: false, secrets: 0, takesNew: false, trouble: vault.kind === 'keyring' ? 'no keyring answers on the session bus' : null }));
    });
    await choose('Secrets')(page);
  }],
  ['settings-narrow-de', '?place=/settings&locale=de', limits, { width: 900, height: 700 }],
  ['settings-zoomed', '?place=/settings', choose('Data'), { width: 680, height: 430 }],
  ['settings-scaled', '?place=/settings', limits, { width: 1088, height: 688, scale: 1.25 }],
  ['settings-diagnostics', '?place=/settings', async (page) => {
    await choose('Help from others')(page);
    await page.getByRole('button', { name: 'Describe this desk' }).click();
    await page.getByRole('tab', { name: 'settings.json' }).click();
  }],
  ['settings-about', '?place=/settings', choose('About')],
  ['settings-about-found-de', '?place=/settings&locale=de', async (page) => {
    await choose('Über')(page);
    await page.getByRole('searchbox', { name: /Lizenz suchen/ }).fill('isc');
    await page.getByText('ISC', { exact: true }).first().click();
  }],
  ['settings-search', '?place=/settings', async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('proxy');
  }],
  ['settings-search-nothing', '?place=/settings', async (page) => {
    await page.keyboard.press('/');
    await page.keyboard.type('teleport');
  }],
  ['settings-strange', '?place=/settings', (page) => page.evaluate(() => {
    const { kept } = window.fake;
    kept.now = { ...kept.now, strange: [{ section: 'limits', reason: { code: 'out-of-range', parameters: [{ key: 'min', value: '1' }, { key: 'max', value: '256' }], text: 'it has to be from 1 to 256' } }] };
    window.fake.topics.tell(['settings']);
  })],
  ['settings-small', '?place=/settings&locale=de', limits, { width: 640, height: 480 }],
];
