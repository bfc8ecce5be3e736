// A desk in the middle of a working day: every state, grade and question once, with believable names.
import type { AttentionView, ConnectionView, GivenFormView, RunView, StoryLineView, TransferView } from '../bindings';

export interface FakeData {
  connections: ConnectionView[];
  runs: RunView[];
  transfers: TransferView[];
  stories: Record<string, StoryLineView[]>;
  hashes: Record<string, string>;
  /** What goes with the files of a run. */
  metadata: Record<string, GivenFormView[]>;
  attention: AttentionView[];
}

const MINUTE = 60_000;

/** What a demo has to send. */
export const SAMPLES = ['/tmp/waybill-demo/samples/Matter 2291', '/tmp/waybill-demo/samples/Price list 2027 Q1.pdf', '/tmp/waybill-demo/samples/Read me first.txt'];

export function emptyDay(): FakeData {
  return { connections: [], runs: [], transfers: [], stories: {}, hashes: {}, metadata: {}, attention: [] };
}

export function connection(id: string, name: string, kind: string, settings: [string, string][], change: Partial<ConnectionView>): ConnectionView {
  return {
    id,
    name,
    kind,
    settings: settings.map(([key, value]) => ({ key, value })),
    health: 'well',
    healthDetail: null,
    lastGoodAt: null,
    latencyMs: null,
    remarks: [],
    waiting: 0,
    failure: null,
    secrets: settings.some(([key, value]) => key === 'auth' && value === 'password') ? [{ key: 'password', vault: 'keyring' }] : [],
    secretExpiresAt: null,
    foundExpiry: null,
    ...change,
  };
}

export function connectionsOf(now: number): ConnectionView[] {
  return [
    connection('c-evidence', 'evidence-eu', 's3', [['region', 'eu-central-1'], ['bucket', 'evidence-eu']], {
      lastGoodAt: now,
      latencyMs: 42,
      remarks: [
        { code: 'proved-by-md5', parameters: [], text: 'This server takes a wrong SHA-256 without a word, so its word is no proof. Files are proved by the MD5 that it reports, else by reading them again.' },
      ],
      waiting: 2,
    }),
    connection('c-north', 'north-gmbh', 'sftp', [['host', 'files.northwind.example'], ['user', 'waybill'], ['port', '22'], ['auth', 'key']], {
      lastGoodAt: now - 8 * MINUTE,
      latencyMs: 18,
    }),
    connection('c-archive', 'archive', 'folder', [['root', '/mnt/archive/2027']], { lastGoodAt: now - 40 * MINUTE, latencyMs: 1 }),
    connection('c-court', 'hm-court', 'sftp', [['host', 'in.hollis-marsh.example'], ['user', 'harbour'], ['port', '22'], ['auth', 'password']], {
      health: 'stopped',
      healthDetail: 'The server shows another host key than the one on record.',
      lastGoodAt: now - 26 * 60 * MINUTE,
      latencyMs: 21,
      waiting: 1,
    }),
    connection('c-lab', 'lab-intake', 'sftp', [['host', '10.20.0.8'], ['user', 'intake'], ['port', '2222'], ['auth', 'password']], {
      health: 'untested',
    }),
  ];
}

type Change = Partial<TransferView> & { to: [connection: string, name: string, path: string] };

function transfer(id: string, runId: string, source: string, size: number, now: number, { to, ...change }: Change): TransferView {
  const [connectionId, connectionName, path] = to;
  return {
    id,
    run: runId,
    folder: false,
    name: source.split('/').pop() ?? source,
    source: { connection: null, connectionName: null, path: source },
    destination: { connection: connectionId, connectionName, path },
    size,
    confirmed: 0,
    state: 'queued',
    evidence: 'none',
    proof: null,
    failure: null,
    dueAt: null,
    attempts: 0,
    createdAt: now - 9 * MINUTE,
    startedAt: change.state === undefined || change.state === 'queued' ? null : now - 8 * MINUTE,
    endedAt: null,
    ...change,
  };
}

const EVIDENCE = '/home/records/Matter 2291';
const evidence = (path: string): Change['to'] => ['c-evidence', 'evidence-eu', `/2291/${path}`];
const north = (path: string): Change['to'] => ['c-north', 'north-gmbh', `/in/${path}`];
const GB = 1e9;

const DAY = 24 * 60 * MINUTE;

/** Connections in every state worth seeing: failed, ending, ended, with names that try a card. */
export function troubledConnections(now: number): ConnectionView[] {
  const sftp = (id: string, name: string, change: Partial<ConnectionView>) =>
    connection(id, name, 'sftp', [['host', `${id}.example`], ['user', 'waybill'], ['auth', 'key']], { lastGoodAt: now - 3 * DAY, latencyMs: 18, ...change });
  return [
    ...connectionsOf(now),
    sftp('c-down', 'lisbon-archive', {
      health: 'failed', healthDetail: 'lisbon.example:22 did not answer',
      failure: { kind: 'unreachable', side: 'destination', message: 'lisbon.example:22 did not answer', code: null }, waiting: 12,
    }),
    sftp('c-ends', 'certified-partner', { lastGoodAt: now - MINUTE, foundExpiry: { of: 'certificate', at: now + 5 * DAY } }),
    sftp('c-ended', 'old-partner', {
      health: 'failed', healthDetail: 'does not accept the key', secretExpiresAt: now - 2 * DAY,
      failure: { kind: 'unauthenticated', side: 'destination', message: 'does not accept the key', code: null },
    }),
    connection('c-sso', 'audit-reports', 's3', [['bucket', 'audit-reports'], ['profile', 'audit']], {
      lastGoodAt: now - MINUTE, latencyMs: 55, foundExpiry: { of: 'session', at: now + 90 * MINUTE },
    }),
    connection('c-long', 'Lieferantenrechnungen-Niederlassung-Nordrhein-Westfalen-2027-Q1', 'folder', [['root', `/mnt/${'very-long-folder-name/'.repeat(10)}`]], { lastGoodAt: now, latencyMs: 1 }),
    connection('c-rtl', '\u202eexe.fdp-\u05d0\u05e8\u05db\u05d9\u05d5\u05df', 'folder', [['root', '/mnt/\u0623\u0631\u0634\u064a\u0641']], { lastGoodAt: now, latencyMs: 2 }),
  ];
}

/** More than a window shows. */
export function manyConnections(now: number, count: number): ConnectionView[] {
  const known = connectionsOf(now).slice(0, 3);
  return Array.from({ length: count }, (_, index) => {
    const like = known[index % known.length] as ConnectionView;
    const failed = index % 17 === 5;
    return {
      ...like, id: `c-${index}`, name: `site-${String(index).padStart(3, '0')}`, waiting: 0, remarks: [], lastGoodAt: now - index * 7 * MINUTE,
      ...(failed ? { health: 'failed', failure: { kind: 'timed-out', side: 'destination', message: 'no answer', code: null } } : {}),
    };
  });
}

/** The day of the sketches. */
export function busyDay(now: number): FakeData {
  const done = (at: number): Partial<TransferView> => ({
    state: 'done',
    evidence: 'matched',
    proof: 'sha256',
    
    endedAt: now - at * MINUTE,
  });
  const transfers = [
    transfer('t-01', 'r-1', `${EVIDENCE}/Deposition transcript vol. 3.pdf`, 18.4e6, now, { to: evidence('Deposition transcript vol. 3.pdf'), ...done(7), confirmed: 18.4e6 }),
    transfer('t-02', 'r-1', `${EVIDENCE}/media/Site camera 04, 12 March.mov`, 4.7 * GB, now, { to: evidence('media/Site camera 04, 12 March.mov'), state: 'transferring', confirmed: 2.9 * GB, attempts: 2 }),
    transfer('t-03', 'r-1', `${EVIDENCE}/media/Site camera 05, 12 March.mov`, 4.6 * GB, now, { to: evidence('media/Site camera 05, 12 March.mov'), state: 'transferring', confirmed: 1.7 * GB }),
    transfer('t-04', 'r-1', `${EVIDENCE}/Mail export (custodian 7).zip`, 2.1 * GB, now, { to: evidence('Mail export (custodian 7).zip') }),
    transfer('t-05', 'r-1', `${EVIDENCE}/Exhibit list.docx`, 88_000, now, { to: evidence('Exhibit list.docx'), state: 'needs-attention', failure: { kind: 'already-exists', side: 'destination', message: '“Exhibit list.docx” is already in /2291', code: null } }),
    transfer('t-06', 'r-1', `${EVIDENCE}/Call log.csv`, 36_000, now, { to: evidence('Call log.csv'), state: 'verifying', evidence: 'accepted', confirmed: 36_000 }),
    transfer('t-11', 'r-2', '/home/records/Price list 2027 Q1.pdf', 2.2e6, now, { to: north('Price list 2027 Q1.pdf'), ...done(14), evidence: 'confirmed', proof: 'read-back', confirmed: 2.2e6 }),
    transfer('t-12', 'r-2', '/home/records/price-list-2027-q1.csv', 318_000, now, { to: north('price-list-2027-q1.csv'), ...done(14), evidence: 'confirmed', proof: 'read-back', confirmed: 318_000 }),
    transfer('t-13', 'r-2', '/home/records/Terms of delivery.pdf', 96_000, now, { to: north('Terms of delivery.pdf'), ...done(13), evidence: 'accepted', proof: null, confirmed: 96_000 }),
    transfer('t-21', 'r-3', '/srv/nightly/INV-88120.pdf', 96_000, now, { to: ['c-archive', 'archive', '/Invoices/ACME/INV-88120.pdf'], ...done(31), confirmed: 96_000 }),
    transfer('t-22', 'r-3', '/srv/nightly/INV-88121.pdf', 101_000, now, { to: ['c-evidence', 'evidence-eu', '/Invoices/Orbis/INV-88121.pdf'], state: 'waiting', attempts: 3, dueAt: now + 42_000, failure: { kind: 'rate-limited', side: 'destination', message: 'The bucket answered 503 Slow Down', code: 'SlowDown' } }),
    transfer('t-23', 'r-3', '/srv/nightly/INV-88125.pdf', 88_000, now, { to: ['c-evidence', 'evidence-eu', '/Invoices/Lumen/INV-88125.pdf'], state: 'failed', endedAt: now - 30 * MINUTE, failure: { kind: 'denied', side: 'destination', message: 'PutObject on /Invoices/Lumen/INV-88125.pdf was refused', code: 'AccessDenied' } }),
    transfer('t-24', 'r-3', '/srv/nightly/INV-88126.pdf', 91_000, now, { to: ['c-archive', 'archive', '/Invoices/Lumen/INV-88126.pdf'], state: 'paused', confirmed: 0 }),
    transfer('t-32', 'r-4', '/home/records/Disclosure index.csv', 61_000, now, { to: ['c-court', 'hm-court', '/in/Disclosure index.csv'] }),
    transfer('t-31', 'r-4', '/home/records/Disclosure set 4.zip', 412e6, now, { to: ['c-court', 'hm-court', '/in/Disclosure set 4.zip'], state: 'needs-attention', failure: { kind: 'host-key-changed', side: 'destination', message: 'in.hollis-marsh.example shows another host key than the one on record', code: null } }),
  ];
  return {
    connections: connectionsOf(now),
    transfers,
    runs: [
      run('r-1', 'Evidence bundle, matter 2291', now - 9 * MINUTE, { files: 40, matched: 31, done: 31, bytes: 20.1 * GB, bytesDone: 9.6 * GB }),
      run('r-2', 'Price list Q1 to distributors', now - 20 * MINUTE, { files: 3, matched: 2, done: 3, bytes: 2.6e6, bytesDone: 2.6e6 }),
      run('r-3', 'Nightly invoices', now - 32 * MINUTE, { files: 2001, matched: 1998, done: 1998, failed: 1, bytes: 190e6, bytesDone: 189.7e6 }),
      run('r-4', 'Disclosure set 4', now - 15 * MINUTE, { files: 2, bytes: 412e6 }),
    ],
    stories: {
      't-02': [
        { at: now - 9 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 8 * MINUTE, event: 'started', note: null, detail: null },
        { at: now - 6 * MINUTE, event: 'delayed', note: { code: 'failed', kind: 'unreachable', side: 'destination', remoteCode: null }, detail: 'the connection was reset at part 97' },
        { at: now - 6 * MINUTE + 6000, event: 'due', note: null, detail: null },
        { at: now - 6 * MINUTE + 6100, event: 'started', note: { code: 'continued', part: 97, parts: 96 }, detail: 'Continued at part 97, 96 parts were there' },
      ],
      't-01': [
        { at: now - 8 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 8 * MINUTE, event: 'started', note: null, detail: null },
        { at: now - 7 * MINUTE, event: 'accepted', note: null, detail: null },
        { at: now - 7 * MINUTE, event: 'settled', note: null, detail: null },
      ],
      't-22': [
        { at: now - 31 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 31 * MINUTE, event: 'delayed', note: { code: 'failed', kind: 'rate-limited', side: 'destination', remoteCode: 'SlowDown' }, detail: 'The bucket answered 503 Slow Down' },
      ],
      't-05': [
        { at: now - 3 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 3 * MINUTE, event: 'asked', note: null, detail: null },
      ],
      't-31': [
        { at: now - 15 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 15 * MINUTE, event: 'asked', note: null, detail: null },
      ],
      't-23': [
        { at: now - 31 * MINUTE, event: 'claimed', note: null, detail: null },
        { at: now - 30 * MINUTE, event: 'failed', note: { code: 'failed', kind: 'denied', side: 'destination', remoteCode: 'AccessDenied' }, detail: 'PutObject was refused (AccessDenied)' },
      ],
    },
    hashes: {
      't-01': '9f2c41aa07be55d1c0e3a4f81b6d2297e0431cc58ab96f0d7732e51d84c6d07b',
      't-11': '44b0e9c17a2d0f6688e1d3b95c04a7f21e8890cd5b3f76a9124e0d8837c61f3e',
    },
    metadata: {},
    attention: [
      attention('a-1', 'host-key-changed', 'c-court', 'hm-court', now - 15 * MINUTE, {
        host: 'in.hollis-marsh.example:22',
        known: 'SHA256:pW4fJq2mY8bN0cVtR6xK1sLzQ3eHuD5gAaTjI7oE9xQ',
        fingerprint: 'SHA256:k0ZtWn5rC9vB2yXqM7dP4fGhS8jLuA1eTiO6aKcDb71',
      }),
      {
        ...attention('a-2', 'conflict', 'c-evidence', 'evidence-eu', now - 3 * MINUTE, {
          path: '/2291/Exhibit list.docx',
          source_size: '88000',
          source_modified: String(now - 50 * MINUTE),
          target_size: '91200',
          target_modified: String(now - 26 * 60 * MINUTE),
        }),
        transfer: 't-05',
        run: 'r-1',
      },
    ],
  };
}

function run(id: string, title: string, createdAt: number, change: Partial<RunView>): RunView {
  return {
    id, title, createdAt, requiredProof: 'matched', counting: false, files: 0, matched: 0, done: 0, failed: 0, bytes: 0,
    bytesDone: 0, running: 0, waiting: 0, paused: 0, needsYou: 0, byCommand: false, ...change,
  };
}

export function attention(
  id: string,
  kind: AttentionView['kind'],
  connectionId: string,
  connectionName: string,
  raisedAt: number,
  facts: Record<string, string>,
): AttentionView {
  return {
    id,
    kind,
    connection: connectionId,
    connectionName,
    transfer: null,
    run: null,
    raisedAt,
    facts: Object.entries(facts).map(([key, value]) => ({ key, value })),
  };
}

/** A long history: one run of `count` small files. */
export function longDay(now: number, count: number): FakeData {
  const transfers = Array.from({ length: count }, (_, index) =>
    transfer(`t-${index}`, 'r-long', `/srv/scans/scan-${String(index).padStart(6, '0')}.pdf`, 90_000 + (index % 97) * 1100, now, {
      to: ['c-archive', 'archive', `/scans/scan-${String(index).padStart(6, '0')}.pdf`],
      state: 'done',
      evidence: 'matched',
      proof: 'sha256',
      confirmed: 90_000,
      endedAt: now - index * 40,
    }),
  );
  return {
    ...emptyDay(),
    connections: connectionsOf(now),
    transfers,
    runs: [run('r-long', 'Scans', now - 60 * MINUTE, { files: count, matched: count, done: count, bytes: count * 95_000, bytesDone: count * 95_000 })],
  };
}
