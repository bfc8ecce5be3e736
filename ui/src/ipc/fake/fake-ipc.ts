// A desk that lives in memory: for tests, pictures and work on the window without Rust. It keeps the same rules as
// the real one where the window can tell: legal acts, topics after each write, questions that stop a connection.
import { actsOf, type Act } from '@/domain/transfer';
import { sameFingerprint } from '@/domain/fingerprint';
import type {
  AnswerView,
  AttentionView,
  ConnectionDraftView,
  ConnectionView,
  ProgressView,
  QuestionView,
  SaidView,
  SendDraftView,
  StateView,
  TestReportView,
  TestStepView,
  TransferView,
} from '../bindings';
import type { DragEvent, Ipc } from '../port';
import type { SettingsCalls } from '../ports/settings';
import { FakeFolders } from './browse';
import { FakeCore, refuse } from './core';
import { attention, type FakeData } from './data';
import { fakeHistory, newFakeHistory } from './history';
import { fakeSettings, newFakeSettings } from './settings';
import { specs } from './specs';

const NEXT: Record<Act, StateView> = { pause: 'paused', resume: 'queued', cancel: 'cancelled', retry: 'queued' };

function said(code: string, text: string, parameters: Record<string, string> = {}): SaidView {
  return { code, text, parameters: Object.entries(parameters).map(([key, value]) => ({ key, value })) };
}

function step(name: SaidView, outcome: TestStepView['outcome'], milliseconds: number, change: Partial<TestStepView> = {}): TestStepView {
  return { name, outcome, said: [], fact: null, technical: null, milliseconds, ...change };
}

const S3_STEPS = [
  step(said('name-found', 'Name found'), 'passed', 3, { fact: '203.0.113.24' }),
  step(said('sign-in', 'Signed in'), 'passed', 21),
  step(said('list', 'List'), 'passed', 12),
  step(said('wrong-checksum', 'Wrong checksum refused'), 'noted', 30, {
    said: [said('word-is-no-proof', 'the server takes a wrong SHA-256, so its word is no proof: files are proved another way')],
  }),
];

const SFTP_STEPS = [
  step(said('name-found', 'Name found'), 'passed', 3, { fact: '203.0.113.24' }),
  step(said('sign-in', 'Sign in'), 'passed', 21, { said: [said('as-user', 'as waybill', { user: 'waybill' })] }),
  step(said('file-written', 'File written'), 'noted', 38, {
    said: [said('name-a-test-folder', 'a folder that may be written to can be named as test_folder')],
    technical: '/ does not allow writing: Permission denied',
  }),
];

type FakeLists = ReturnType<typeof fakeHistory>;

/** The calls of areas with a file of their own; the constructor joins them. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor assigns every one of them
export interface FakeIpc extends FakeLists, SettingsCalls {}

export class FakeIpc extends FakeCore implements Ipc {
  /** What the settings are, for a test to prepare and to look at. */
  readonly kept = newFakeSettings();
  /** Named filters, and what was shown elsewhere. */
  readonly history = newFakeHistory();
  /** Every draft that was sent, for a test to look at. */
  readonly sent: SendDraftView[] = [];
  readonly answers: { id: string; answer: AnswerView }[] = [];
  picked: string[] = [];
  /** What the vault was opened with. */
  readonly passphrases: string[] = [];
  #asked: QuestionView[] = [];
  /** What was answered to servers; `null` where the sign-in was given up. */
  readonly typed: { id: string; answers: string[] | null }[] = [];
  /** Whether each test stops after a step until `goOn` is called. */
  stepByStep = false;
  goOn: () => void = () => {};
  samples: string[] = [];
  #fresh = 0;

  constructor(data: FakeData) {
    super(data);
    Object.assign(this, fakeHistory(this, this.history), fakeSettings(this, this.kept));
  }

  readonly folders = new FakeFolders(this);
  browseAbilities = this.folders.browseAbilities;
  browseHome = this.folders.browseHome;
  browseLook = this.folders.browseLook;
  browseFollow = this.folders.browseFollow;

  onTopicsChanged = this.topics.add;
  onProgress = this.progress.add;
  onAttentionRaised = this.raised.add;
  onDrag = this.dragged.add;
  onQuestionsChanged = this.asked.add;

  /** Holds or drops files of the operating system over the window. */
  drag(event: DragEvent): void {
    this.dragged.tell(event);
  }

  raise(question: AttentionView): void {
    this.data.attention.push(question);
    this.topics.tell(['attention']);
    this.raised.tell(question);
  }

  /** A server asks while somebody signs in. */
  ask(question: QuestionView): void {
    this.#asked = [...this.#asked, question];
    this.asked.tell(this.#asked);
  }

  /** Its time is over, or whoever asked is gone. */
  withdraw(id: string): void {
    this.#asked = this.#asked.filter((one) => one.id !== id);
    this.asked.tell(this.#asked);
  }

  async questions() {
    return this.#asked;
  }

  async answerQuestion(id: string, answers: string[] | null) {
    this.check('answerQuestion');
    if (!this.#asked.some((one) => one.id === id)) refuse({ code: 'not-now', message: 'the question is no longer open' });
    this.typed.push({ id, answers });
    this.withdraw(id);
    return null;
  }

  /** Moves bytes as if `ms` had passed at 184 and 128 MB/s. */
  tick(ms: number): void {
    const moving = this.data.transfers.filter((one) => one.state === 'transferring');
    const batch = moving.map((one, index): ProgressView => {
      const bytesPerSecond = Math.round((index === 0 ? 184e6 : 128e6) * (0.94 + 0.06 * Math.sin(one.confirmed / 7e8)));
      one.confirmed = Math.min(one.size, one.confirmed + Math.round((bytesPerSecond * ms) / 1000));
      return { id: one.id, confirmed: one.confirmed, bytesPerSecond };
    });
    const total = batch.reduce((sum, one) => sum + one.bytesPerSecond, 0);
    this.progress.tell({ moving: batch, bytesPerSecond: total });
    const ended = moving.filter((one) => one.confirmed === one.size);
    for (const one of ended) Object.assign(one, { state: 'done', evidence: 'matched', proof: 'sha256', endedAt: Date.now() });
    if (ended.length > 0) this.topics.tell(['transfers']);
  }

  async about() {
    return { version: '0.1.0', home: '/home/records/.local/share/waybill', demo: this.samples.length > 0, samples: this.samples, operator: 'Records desk', needsPassphrase: false };
  }

  async openVault(passphrase: string) {
    this.passphrases.push(passphrase);
    this.kept.vaults = this.kept.vaults.map((vault) => (vault.kind === 'file' ? { ...vault, open: true, trouble: null } : vault));
    this.refusals.delete('addConnection');
    return null;
  }

  async pickPaths() {
    return this.picked;
  }

  pauseTransfers = (ids: string[]) => this.#act('pause', ids);
  resumeTransfers = (ids: string[]) => this.#act('resume', ids);
  cancelTransfers = (ids: string[]) => this.#act('cancel', ids);
  cancelRuns = (runs: string[]) => this.#act('cancel', this.#able('cancel').filter((id) => runs.includes(this.#transfer(id).run)));
  retryTransfers = (ids: string[]) => this.#act('retry', ids);
  pauseAll = () => this.#act('pause', this.#able('pause'));
  resumeAll = () => this.#act('resume', this.#able('resume'));

  #able(act: Act): string[] {
    return this.data.transfers.filter((one) => actsOf(one.state).includes(act)).map((one) => one.id);
  }

  async #act(act: Act, ids: string[]): Promise<null> {
    for (const id of ids) {
      const one = this.#transfer(id);
      if (!actsOf(one.state).includes(act)) refuse({ code: 'not-now', message: `${one.name} is ${one.state}` });
      Object.assign(one, { state: NEXT[act], failure: null, dueAt: null });
    }
    this.topics.tell(['transfers']);
    return null;
  }

  #transfer(id: string): TransferView {
    return this.data.transfers.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
  }

  async send(draft: SendDraftView) {
    this.check('send');
    const place = this.#connection(draft.connection);
    this.sent.push(draft);
    const run = `r-new-${(this.#fresh += 1)}`;
    const now = Date.now();
    const rows = draft.sources.map((source, index): TransferView => {
      const name = source.split('/').pop() ?? source;
      return {
        id: `${run}-${index}`, run, name, folder: false, size: 1_200_000, confirmed: 0, state: 'queued', evidence: 'none',
        proof: null, failure: null, dueAt: null, attempts: 0, createdAt: now, startedAt: null, endedAt: null,
        source: { connection: null, connectionName: null, path: source },
        destination: { connection: place.id, connectionName: place.name, path: `${draft.folder.replace(/\/$/, '')}/${name}` },
      };
    });
    this.data.transfers.unshift(...rows);
    this.data.runs.unshift({
      id: run, title: rows[0]?.name ?? '', createdAt: now, requiredProof: draft.proof, counting: false, files: rows.length,
      matched: 0, done: 0, failed: 0, bytes: rows.length * 1_200_000, bytesDone: 0, running: 0, waiting: rows.length, paused: 0, needsYou: 0, byCommand: false,
    });
    this.topics.tell(['transfers', 'runs']);
    return run;
  }

  async connectionSpecs() {
    return specs;
  }

  async connections() {
    this.check('connections');
    return this.data.connections.map((one) => ({ ...one }));
  }

  #connection(id: string): ConnectionView {
    return this.data.connections.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
  }

  async addConnection(draft: ConnectionDraftView) {
    this.check('addConnection');
    if (this.data.connections.some((one) => one.name === draft.name)) refuse({ code: 'name-taken', name: draft.name });
    const added: ConnectionView = {
      id: `c-new-${(this.#fresh += 1)}`, name: draft.name, kind: draft.kind, settings: draft.settings, health: 'untested',
      healthDetail: null, lastGoodAt: null, latencyMs: null, remarks: [], waiting: 0,
    };
    this.data.connections.push(added);
    this.topics.tell(['connections']);
    return added;
  }

  /** An SFTP server that is new here shows a key to be trusted first; everything else passes. */
  async testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView> {
    this.check('testConnection');
    const one = this.#connection(id);
    const changed = this.data.attention.some((open) => open.connection === id && open.kind === 'host-key-changed');
    if (one.kind === 'sftp' && (one.health === 'untested' || changed)) {
      const kind = changed ? 'host-key-changed' : 'host-key-unknown';
      const message = `${one.name} shows a host key that is ${changed ? 'another than before' : 'not on record yet'}`;
      const steps = await this.#tell(tell, [
        step(said('name-found', 'Name found'), 'passed', 4, { fact: '203.0.113.24' }),
        step(said('host-key', 'Host key'), 'failed', 2, { technical: message }),
      ]);
      if (!this.data.attention.some((open) => open.connection === id))
        this.raise(
          attention(`a-new-${(this.#fresh += 1)}`, 'host-key-unknown', id, one.name, Date.now(), {
            host: one.settings.find((setting) => setting.key === 'host')?.value ?? one.name,
            fingerprint: 'SHA256:Zx3bVn5mQ1wErTyUiOpAsDfGhJkLzXcVbNm7891234A',
          }),
        );
      return { steps, failure: { kind, side: 'destination', message, code: null } };
    }
    const steps = await this.#tell(tell, one.kind === 'sftp' ? SFTP_STEPS : S3_STEPS);
    Object.assign(one, { health: 'well', lastGoodAt: Date.now(), latencyMs: 21 });
    this.topics.tell(['connections']);
    return { steps, failure: null };
  }

  /** Tells each step, and where a test wants to look in between, waits. */
  async #tell(tell: (step: TestStepView) => void, steps: TestStepView[]): Promise<TestStepView[]> {
    for (const one of steps) {
      tell(one);
      if (this.stepByStep)
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is about
        await new Promise<void>((resolve) => {
          this.goOn = resolve;
        });
    }
    return steps;
  }

  async removeConnection(id: string) {
    this.check('removeConnection');
    this.#connection(id);
    this.data.connections = this.data.connections.filter((one) => one.id !== id);
    this.data.attention = this.data.attention.filter((one) => one.connection !== id);
    this.topics.tell(['connections', 'attention']);
    return null;
  }

  async attention() {
    return this.data.attention.map((one) => ({ ...one }));
  }

  async answerAttention(id: string, answer: AnswerView) {
    this.check('answerAttention');
    const open = this.data.attention.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
    const shown = open.facts.find((one) => one.key === 'fingerprint')?.value ?? '';
    if (answer.answer === 'replace-host-key' && !sameFingerprint(answer.fingerprint, shown)) refuse({ code: 'invalid', message: 'the server shows another key' });
    this.answers.push({ id, answer });
    this.data.attention = this.data.attention.filter((one) => one.id !== id);
    const place = this.data.connections.find((one) => one.id === open.connection);
    if (place && open.kind !== 'conflict') Object.assign(place, { health: 'well', healthDetail: null, lastGoodAt: Date.now() });
    for (const one of this.data.transfers)
      if (one.state === 'needs-attention' && (one.id === open.transfer || (open.transfer === null && one.destination.connection === open.connection)))
        Object.assign(one, { state: answer.answer === 'conflict' && answer.rule === 'skip' ? 'skipped' : 'queued', failure: null });
    this.topics.tell(['attention', 'connections', 'transfers']);
    return null;
  }
}
