// A desk that lives in memory: for tests, pictures and work on the window without Rust. It keeps the same rules as
// the real one where the window can tell: legal acts, topics after each write, questions that stop a connection.
import { actsOf, type Act } from '@/domain/transfer';
import { sameFingerprint } from '@/domain/fingerprint';
import type {
  AnswerView,
  ExchangeView,
  ProgressView,
  QuestionView,
  SendDraftView,
  StateView,
  TransferView,
} from '../bindings';
import type { DragEvent, Ipc } from '../port';
import type { ExchangeCalls } from '../ports/exchanges';
import type { ImportCalls } from '../ports/imports';
import type { SettingsCalls } from '../ports/settings';
import type { SignInCalls } from '../ports/sign-in';
import type { WindowCalls } from '../ports/window';
import { FakeFolders } from './browse';
import { FakeComparisons } from './compare';
import { FakeConnections } from './connections';
import { refuse } from './core';
import type { FakeData } from './data';
import { FakeEntries } from './entry';
import { fakeExchanges } from './exchanges';
import { FakeForms } from './forms';
import { fakeHistory, newFakeHistory } from './history';
import { fakeImports } from './imports';
import { fakeSettings, newFakeSettings } from './settings';
import { fakeSignIns } from './sign-in';
import { FakeToday } from './today';
import { FakeSystem, fakeWindow } from './window';

const NEXT: Record<Act, StateView> = { pause: 'paused', resume: 'queued', cancel: 'cancelled', retry: 'queued' };

type FakeLists = ReturnType<typeof fakeHistory>;

/** The calls of areas with a file of their own; the constructor joins them. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- the constructor assigns every one of them
export interface FakeIpc extends FakeLists, ExchangeCalls, ImportCalls, SettingsCalls, SignInCalls, WindowCalls {}

export class FakeIpc extends FakeConnections implements Ipc {
  /** What the settings are, for a test to prepare and to look at. */
  readonly kept = newFakeSettings();
  /** Named filters, and what was shown elsewhere. */
  readonly history = newFakeHistory();
  /** What was said with web services, the newest first. */
  said: ExchangeView[] = [];
  /** The operating system around the window. */
  readonly system = new FakeSystem(this);
  /** Every draft that was sent, for a test to look at. */
  readonly sent: SendDraftView[] = [];
  readonly answers: { id: string; answer: AnswerView }[] = [];
  picked: string[] = [];
  /** What the vault was opened with. */
  readonly passphrases: string[] = [];
  #asked: QuestionView[] = [];
  /** What was answered to servers; `null` where the sign-in was given up. */
  readonly typed: { id: string; answers: string[] | null }[] = [];
  samples: string[] = [];
  #fresh = 0;

  constructor(data: FakeData) {
    super(data);
    Object.assign(this, fakeHistory(this, this.history), fakeSettings(this, this.kept), fakeImports(this), fakeWindow(this, this.system));
    Object.assign(this, fakeSignIns(this, this.browser), fakeExchanges(this));
    this.folders.onCopy = ({ to, sources, forms }) => this.formsOnEntries.arrive(to, sources.map(({ path }) => path), forms);
  }

  readonly folders = new FakeFolders(this);
  browseAbilities = this.folders.browseAbilities;
  browseHome = this.folders.browseHome;
  browseLook = this.folders.browseLook;
  browseFollow = this.folders.browseFollow;
  browseSearch = this.folders.browseSearch;
  browseMakeFolder = this.folders.browseMakeFolder;
  browseRename = this.folders.browseRename;
  browseCopy = this.folders.browseCopy;
  browseCountLoss = this.folders.browseCountLoss;
  browseRemove = this.folders.browseRemove;

  readonly entries = new FakeEntries(this, this.folders);
  entryDetails = this.entries.entryDetails;
  preview = this.entries.preview;
  closePreview = this.entries.closePreview;
  previewAddress = this.entries.previewAddress;
  previewBytes = this.entries.previewBytes;
  entryVersions = this.entries.entryVersions;
  restoreVersion = this.entries.restoreVersion;
  takeBackVersion = this.entries.takeBackVersion;
  deleteVersion = this.entries.deleteVersion;
  downloadVersion = this.entries.downloadVersion;
  saveTags = this.entries.saveTags;
  setRetention = this.entries.setRetention;
  setLegalHold = this.entries.setLegalHold;
  readonly formsOnEntries = new FakeForms(this, this.folders);
  forms = this.formsOnEntries.forms;
  formsExpected = this.formsOnEntries.formsExpected;
  entryForms = this.formsOnEntries.entryForms;
  fillForm = this.formsOnEntries.fillForm;
  takeOffForm = this.formsOnEntries.takeOffForm;
  makeLink = this.entries.makeLink;
  unfinishedUploads = this.entries.unfinishedUploads;
  abortUpload = this.entries.abortUpload;

  readonly comparisons = new FakeComparisons(this);
  startCompare = this.comparisons.startCompare;
  lookAtPlan = this.comparisons.lookAtPlan;
  planPage = this.comparisons.planPage;
  tickPlan = this.comparisons.tickPlan;
  tickAllOfPlan = this.comparisons.tickAllOfPlan;
  runPlan = this.comparisons.runPlan;
  stopPlan = this.comparisons.stopPlan;
  closePlan = this.comparisons.closePlan;

  readonly day = new FakeToday(this, () => this.transferCounts(new Date().setHours(0, 0, 0, 0)));
  today = this.day.today;
  needs = this.day.needs;
  heldRuns = this.day.heldRuns;
  attentionPage = this.day.attentionPage;
  demoState = this.day.demoState;
  demoJoin = this.day.demoJoin;
  demoLeave = this.day.demoLeave;

  onTopicsChanged = this.topics.add;
  onProgress = this.progress.add;
  onAttentionRaised = this.raised.add;
  onDrag = this.dragged.add;
  onQuestionsChanged = this.asked.add;

  /** Holds or drops files of the operating system over the window. */
  drag(event: DragEvent): void {
    this.dragged.tell(event);
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
      const bytesPerSecond = Math.round((index === 0 ? 184e6 : 128e6) * (0.8 + 0.14 * Math.sin(one.confirmed / 9e7 + index) + 0.05 * Math.sin(one.confirmed / 2.6e7)));
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
    return { version: '0.1.0', home: '/home/records/.local/share/waybill', demo: this.samples.length > 0, samples: this.samples, samplesTo: null, operator: 'Records desk', needsPassphrase: false };
  }

  async openVault(passphrase: string) {
    this.check('openVault');
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
    const place = this.connectionOf(draft.connection);
    this.sent.push(draft);
    this.formsOnEntries.arrive({ connection: draft.connection, path: draft.folder }, draft.sources, draft.forms);
    const run = `r-new-${(this.#fresh += 1)}`;
    this.data.metadata[run] = draft.forms;
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

  async attention() {
    return this.data.attention.map((one) => ({ ...one }));
  }

  async attentionOne(id: string) {
    return this.data.attention.find((one) => one.id === id) ?? null;
  }

  async answerAttention(id: string, answer: AnswerView) {
    this.check('answerAttention');
    const open = this.data.attention.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
    const shown = open.facts.find((one) => one.key === 'fingerprint')?.value ?? '';
    if (answer.answer === 'replace-host-key' && !sameFingerprint(answer.fingerprint, shown)) refuse({ code: 'invalid', message: 'the server shows another key' });
    this.answers.push({ id, answer });
    const ofRun = answer.answer === 'conflict' && answer.forAllOfRun;
    const settled = this.data.attention.filter((one) => one.id === id || (ofRun && one.kind === 'conflict' && one.run === open.run));
    this.data.attention = this.data.attention.filter((one) => !settled.includes(one));
    const place = this.data.connections.find((one) => one.id === open.connection);
    if (place && open.kind !== 'conflict') Object.assign(place, { health: 'well', healthDetail: null, lastGoodAt: Date.now() });
    for (const one of this.data.transfers)
      if (one.state === 'needs-attention' && (settled.some((question) => question.transfer === one.id) || (open.transfer === null && one.destination.connection === open.connection)))
        Object.assign(one, { state: answer.answer === 'conflict' && answer.rule === 'skip' ? 'skipped' : 'queued', failure: null });
    this.topics.tell(['attention', 'connections', 'transfers']);
    return null;
  }
}
