// The settings of the fake desk: kept in memory, refused by the same ranges as the real ones.
import type { DataPlaceView, DiagnosticsFileView, FieldProblemView, LimitNowView, NetworkDraftView, SettingsView, TimetableView, VaultKindView, VaultView } from '../bindings';
import type { Ipc } from '../port';
import type { SettingsCalls } from '../ports/settings';
import { type FakeCore, refuse } from './core';

const SYSTEM_NAME = 'Records desk';
const SLOWEST = 10_000;
const FASTEST = 100_000_000_000;

export function defaultSettings(): SettingsView {
  return {
    limits: { bytesPerSecond: null, filesAtOnce: null, filesPerConnection: null, timetable: { on: false, slots: [] } },
    notices: { runEnded: true, needsSomeone: true, failures: true, quiet: null },
    window: { onClose: 'ask', tray: true, startHidden: false },
    appearance: { language: 'system', theme: 'system', textSize: 'ordinary', still: false },
    network: { proxy: 'system', url: '', user: '', hasPassword: false, noProxy: '', caFile: '' },
    operator: { chosen: null, now: SYSTEM_NAME },
    history: { keepDays: null },
    strange: [],
  };
}

/** What the settings of a test begin with, and what it may look at afterwards. */
export interface FakeSettings {
  now: SettingsView;
  forNow: { bytesPerSecond: number | null; until: number } | null;
  vaults: VaultView[];
  /** The passphrase of the encrypted file. */
  passphrase: string;
  place: DataPlaceView;
  /** How often its folder was shown. */
  shown: number;
  /** What a check of the database finds. */
  damage: string[];
  files: DiagnosticsFileView[];
  /** Where the picker says that a file is to be saved; `null` where it is closed. */
  savedAs: string | null;
  networks: NetworkDraftView[];
}

const HOUR = 3_600_000;

export function newFakeSettings(): FakeSettings {
  const home = '/home/records/.local/share/waybill';
  const now = Date.now();
  return {
    now: defaultSettings(),
    forNow: null,
    vaults: [
      { kind: 'keyring', secrets: 4, trouble: null, open: true, path: null, exists: true, takesNew: true },
      { kind: 'file', secrets: 0, trouble: 'the encrypted secrets file cannot be reached', open: false, path: `${home}/secrets.age`, exists: false, takesNew: false },
    ],
    passphrase: 'four words are long',
    shown: 0,
    place: {
      folder: home,
      files: [
        { name: 'waybill.db', kind: 'database', bytes: 48_300_000, changedAt: now - 40_000 },
        { name: 'waybill.db.copy', kind: 'copy', bytes: 46_100_000, changedAt: now - 5 * HOUR },
        { name: 'waybill.db.schema-1-1760000000000', kind: 'before', bytes: 31_000_000, changedAt: now - 900 * HOUR },
        { name: 'logs', kind: 'log', bytes: 3_400_000, changedAt: now - 2_000 },
        { name: 'engine.lock', kind: 'other', bytes: 0, changedAt: now - 5 * HOUR },
      ],
      free: 212_000_000_000,
      total: 512_000_000_000,
    },
    damage: [],
    files: [
      { name: 'about.txt', text: 'program: waybill-desktop 0.1.0\nsystem: linux x86_64\nschema: 2' },
      { name: 'settings.json', text: '{\n  "limits": { "bytes_per_second": null }\n}' },
      { name: 'connections.json', text: '[{ "name": "evidence-eu", "secrets in": { "secret_access_key": "keyring" } }]' },
      { name: 'home.json', text: '{ "rows": { "transfers": 48211 } }' },
      { name: 'log.txt', text: '' },
    ],
    savedAs: '/home/records/waybill-diagnostics.tar',
    networks: [],
  };
}

/** What the real desk says of a network that cannot be right, as far as a test of the window needs it. */
function wrongNetwork(network: NetworkDraftView): FieldProblemView[] {
  const problem = (key: string, code: string, text: string) => ({ key, reason: text, said: { code, parameters: [], text } });
  const problems = [];
  if (network.proxy === 'manual' && !/^(http|socks5h?):\/\/[^/@]+:\d+$/.test(network.url))
    problems.push(problem('url', 'proxy-place', 'it has to name a host and a port, as http://proxy.example.com:8080 or socks5://proxy.example.com:1080'));
  if (network.caFile !== '' && !network.caFile.endsWith('.pem'))
    problems.push(problem('ca_file', 'ca-none', 'there is no certificate in PEM form in the file'));
  return problems;
}

function outOf(key: string, value: number | null, min: number, max: number): FieldProblemView[] {
  if (value === null || (value >= min && value <= max)) return [];
  const reason = `it has to be from ${min} to ${max}`;
  const parameters = [
    { key: 'min', value: String(min) },
    { key: 'max', value: String(max) },
  ];
  return [{ key, reason, said: { code: 'out-of-range', parameters, text: reason } }];
}

/** The minutes of a table's line, over midnight where the end is not later. */
function covers({ from, to }: { from: number; to: number }, minute: number): boolean {
  return from < to ? minute >= from && minute < to : minute >= from || minute < to;
}

const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

function slotAt(table: TimetableView, at: Date) {
  const [today, yesterday] = [DAYS[at.getDay()], DAYS[(at.getDay() + 6) % 7]];
  const minute = at.getHours() * 60 + at.getMinutes();
  if (!table.on) return undefined;
  return table.slots.find(({ days, hours }) => {
    const day = hours.from >= hours.to && minute < hours.to ? yesterday : today;
    return day !== undefined && days.includes(day) && covers(hours, minute);
  });
}

export function fakeSettings(core: FakeCore, fake: FakeSettings): SettingsCalls {
  function keep(call: keyof Ipc, problems: FieldProblemView[], change: Partial<SettingsView>): null {
    core.check(call);
    if (problems.length > 0) refuse({ code: 'settings', problems });
    const strange = fake.now.strange.filter((one) => !(one.section in change));
    fake.now = { ...fake.now, ...change, strange };
    core.topics.tell(['settings']);
    return null;
  }
  function mark(kind: VaultKindView, part: Partial<VaultView>): void {
    fake.vaults = fake.vaults.map((vault) => (vault.kind === kind ? { ...vault, ...part } : vault));
  }
  return {
    async settings() {
      core.check('settings');
      return structuredClone(fake.now);
    },
    async setLimits(limits) {
      const { bytesPerSecond, filesAtOnce, filesPerConnection, timetable } = limits;
      const problems = [
        ...outOf('bytes_per_second', bytesPerSecond, SLOWEST, FASTEST),
        ...outOf('files_at_once', filesAtOnce, 1, 256),
        ...outOf('files_per_connection', filesPerConnection, 1, 64),
        ...timetable.slots.flatMap((slot, index) => outOf(`timetable.${index}.bytes_per_second`, slot.bytesPerSecond, SLOWEST, FASTEST)),
      ];
      return keep('setLimits', problems, { limits });
    },
    async limitNow(): Promise<LimitNowView> {
      const { limits } = fake.now;
      if (fake.forNow && fake.forNow.until > Date.now()) return { ...fake.forNow, reason: 'for-now' };
      const slot = slotAt(limits.timetable, new Date());
      if (slot) return { bytesPerSecond: slot.bytesPerSecond, reason: 'timetable', until: null };
      return { bytesPerSecond: limits.bytesPerSecond, reason: 'always', until: null };
    },
    async limitForNow(bytesPerSecond, minutes) {
      const problems = outOf('bytes_per_second', bytesPerSecond, SLOWEST, FASTEST);
      if (problems.length === 0) fake.forNow = { bytesPerSecond, until: Date.now() + minutes * 60_000 };
      return keep('limitForNow', problems, {});
    },
    async endLimitForNow() {
      fake.forNow = null;
      return keep('endLimitForNow', [], {});
    },
    setNotices: async (notices) => keep('setNotices', [], { notices }),
    setWindowSettings: async (window) => keep('setWindowSettings', [], { window }),
    setAppearance: async (appearance) => keep('setAppearance', [], { appearance }),
    setOperator: async (name) => keep('setOperator', [], { operator: { chosen: name, now: name ?? SYSTEM_NAME } }),
    async setNetwork(network) {
      const { proxy, url, user, noProxy, caFile, password } = network;
      const hasPassword = password === null ? fake.now.network.hasPassword : password !== '';
      const done = keep('setNetwork', wrongNetwork(network), { network: { proxy, url, user, noProxy, caFile, hasPassword } });
      fake.networks.push(network);
      return done;
    },
    async zoom(percent) {
      document.documentElement.style.zoom = percent === 100 ? '' : `${percent}%`;
      return null;
    },
    async vaults() {
      core.check('vaults');
      return structuredClone(fake.vaults);
    },
    async lockVault() {
      core.check('lockVault');
      mark('file', { open: false, trouble: 'nobody gave the passphrase' });
      return null;
    },
    async changePassphrase(current, fresh) {
      core.check('changePassphrase');
      if (current !== fake.passphrase)
        refuse({ code: 'vault', message: 'the passphrase does not open it; the file was left as it is', needsPassphrase: false });
      fake.passphrase = fresh;
      mark('file', { open: true, trouble: null });
      return null;
    },
    async moveSecrets(to) {
      core.check('moveSecrets');
      const others = fake.vaults.filter((vault) => vault.kind !== to).reduce((sum, vault) => sum + vault.secrets, 0);
      fake.vaults = fake.vaults.map((vault) =>
        vault.kind === to ? { ...vault, secrets: vault.secrets + others, exists: true } : { ...vault, secrets: 0 },
      );
      return others;
    },
    async dataPlace() {
      core.check('dataPlace');
      return structuredClone(fake.place);
    },
    async copyDatabase() {
      core.check('copyDatabase');
      return `${fake.place.folder}/waybill.db.copy`;
    },
    async showDataPlace() {
      core.check('showDataPlace');
      fake.shown += 1;
      return null;
    },
    async checkDatabase() {
      core.check('checkDatabase');
      return [...fake.damage];
    },
    async pruneHistory() {
      core.check('pruneHistory');
      return 128;
    },
    async makeDiagnostics() {
      core.check('makeDiagnostics');
      return structuredClone(fake.files);
    },
    async saveDiagnostics() {
      core.check('saveDiagnostics');
      return fake.savedAs;
    },
    setHistorySettings: async (history) => keep('setHistorySettings', outOf('keep_days', history.keepDays, 7, 3653), { history }),
  };
}
