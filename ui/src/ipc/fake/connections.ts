// The places of the fake desk: what is added, changed, removed and brought back, and tests that go step by step.
import type {
  AddressView,
  AttentionView,
  ConnectionChangeView,
  ConnectionDraftView,
  ConnectionFactsView,
  ConnectionUsesView,
  ConnectionView,
  PowerView,
  SaidView,
  SignedInView,
  TestReportView,
  TestStepView,
} from '../bindings';
import type { ConnectionCalls } from '../ports/connections';
import { PACE } from '@/domain/transfer';
import { FakeCore, refuse } from './core';
import { attention } from './data';
import { tryMap } from './field-map';
import { said } from './said';
import { FakeSignIns } from './sign-in';
import { manySpecs, specs } from './specs';

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

const WORKFLOW_STEPS = [
  step(said('service-found', 'Sign-in service found'), 'passed', 47),
  step(said('signed-in', 'Signed in'), 'passed', 212),
  step(said('first-call', 'Tasks can be read'), 'passed', 84, { said: [said('tasks-wait', '7 tasks are in the inbox of ada@north.example', { count: '7', user: 'ada@north.example' })] }),
];

const STEPS: Record<string, TestStepView[]> = { sftp: SFTP_STEPS, workflow: WORKFLOW_STEPS };

const POWERS: readonly PowerView[] = [
  'list', 'read', 'write', 'resume', 'checksums', 'read-back', 'create-folder', 'rename', 'delete', 'versions', 'metadata', 'links',
  'unfinished-uploads', 'records', 'space',
];
/** Systems of vendors have powers of their own, and lack what a bucket has. */
const VENDORS: Record<string, readonly PowerView[]> = {
  workflow: ['tasks', 'processes', 'process-models'],
  xecm: [
    'list', 'read', 'write', 'read-back', 'create-folder', 'rename', 'delete', 'versions', 'attributes', 'search', 'locks', 'permissions',
    'audit-log', 'recycle-bin', 'tasks',
  ],
  xconnector: ['write', 'events', 'publish', 'catalogue'],
};
const NEWER: readonly PowerView[] = [
  'attributes', 'search', 'previews', 'comments', 'locks', 'approval', 'sharing', 'file-requests', 'workspaces', 'file-plan', 'permissions',
  'audit-log', 'recycle-bin', 'tasks', 'processes', 'process-models', 'events', 'inbound', 'publish', 'catalogue',
];
const LACKING: Record<string, readonly PowerView[]> = {
  s3: ['checksums', 'records', 'space'],
  sftp: ['checksums', 'versions', 'metadata', 'links', 'unfinished-uploads', 'records'],
  folder: ['checksums', 'versions', 'metadata', 'links', 'records'],
};

export class FakeConnections extends FakeCore implements ConnectionCalls {
  specs = specs;
  /** The browser in which people sign in. */
  readonly browser = new FakeSignIns();
  /** How long the sign-in of each kind holds. */
  signedIn: Record<string, SignedInView> = {};
  /** Whether each test stops after a step until `goOn` is called. */
  stepByStep = false;
  goOn: () => void = () => {};
  /** What the next tests of a connection fail with, by its id. */
  readonly failing = new Map<string, TestReportView>();
  /** Every change that was sent, for a test to look at. */
  readonly changes: { id: string; change: ConnectionChangeView }[] = [];
  /** Every draft that was added. */
  readonly added: ConnectionDraftView[] = [];
  #removed = new Map<string, ConnectionView>();
  #made = 0;

  raise(question: AttentionView): void {
    this.data.attention.push(question);
    this.topics.tell(['attention']);
    this.raised.tell(question);
  }

  async connectionSpecs() {
    // A connection is of a kind that there is.
    const more = manySpecs.filter(({ kind }) => this.specs.every((one) => one.kind !== kind) && this.data.connections.some((one) => one.kind === kind));
    return [...this.specs, ...more];
  }

  async connections() {
    this.check('connections');
    return this.data.connections.map((one) => ({ ...one })).toSorted((a, b) => a.name.localeCompare(b.name));
  }

  connectionOf(id: string): ConnectionView {
    return this.data.connections.find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
  }

  #checkFree(name: string, id: string | null): void {
    if (this.data.connections.some((one) => one.id !== id && one.name.toLowerCase() === name.toLowerCase())) refuse({ code: 'name-taken', name });
  }

  /** The key of the secret that a sign-in left; it is good for one connection. */
  #signedIn(kind: string, id: string | null): string[] {
    if (id === null) return [];
    if (!this.browser.done.delete(id)) refuse({ code: 'invalid', message: 'nobody has signed in yet' });
    return this.specs.find((spec) => spec.kind === kind)?.fields.flatMap((field) => (field.kind.type === 'sign-in' ? [field.key] : [])) ?? [];
  }

  async addConnection(draft: ConnectionDraftView) {
    this.check('addConnection');
    this.#checkFree(draft.name, null);
    const copied = draft.secretsOf === null ? [] : this.connectionOf(draft.secretsOf).secrets.map((one) => one.key);
    const keys = new Set([...draft.secrets.map((one) => one.key), ...copied, ...this.#signedIn(draft.kind, draft.signedIn)]);
    const added: ConnectionView = {
      id: `c-new-${(this.#made += 1)}`, name: draft.name, kind: draft.kind, settings: draft.settings, health: 'untested',
      healthDetail: null, lastGoodAt: null, latencyMs: null, remarks: [], waiting: 0, failure: null,
      secrets: [...keys].map((key) => ({ key, vault: 'keyring' })), secretExpiresAt: draft.secretExpiresAt, foundExpiry: null,
    };
    this.added.push(draft);
    this.data.connections.push(added);
    this.topics.tell(['connections']);
    return { ...added };
  }

  async editConnection(id: string, change: ConnectionChangeView) {
    this.check('editConnection');
    const one = this.connectionOf(id);
    this.#checkFree(change.name, id);
    const signedIn = this.#signedIn(one.kind, change.signedIn);
    const anew = JSON.stringify(change.settings) !== JSON.stringify(one.settings) || change.secrets.length + change.forget.length + signedIn.length > 0;
    const keys = new Set([...one.secrets.map((secret) => secret.key).filter((key) => !change.forget.includes(key)), ...change.secrets.map((secret) => secret.key), ...signedIn]);
    this.changes.push({ id, change });
    Object.assign(one, {
      name: change.name, settings: change.settings, secretExpiresAt: change.secretExpiresAt,
      secrets: [...keys].map((key) => ({ key, vault: 'keyring' })),
      ...(anew ? { health: 'untested', healthDetail: null, failure: null, remarks: [], foundExpiry: null } : {}),
    });
    this.topics.tell(['connections']);
    return { ...one };
  }

  async connectionFacts(id: string): Promise<ConnectionFactsView> {
    const one = this.connectionOf(id);
    const lacking = LACKING[one.kind] ?? [];
    const vendors = VENDORS[one.kind];
    const has = (power: PowerView) => (vendors === undefined ? POWERS.includes(power) && !lacking.includes(power) : vendors.includes(power));
    const runs = new Set(this.data.transfers.filter((transfer) => transfer.destination.connection === id).map((transfer) => transfer.run));
    return {
      // A repository without records management is one of which people would count on it.
      powers: [...POWERS, ...NEWER].map((power) => ({ power, has: has(power), missed: one.kind === 'xecm' && power === 'file-plan' })),
      tested: one.lastGoodAt !== null,
      signedIn: this.signedIn[one.kind] ?? null,
      runs: this.data.runs.filter((run) => runs.has(run.id)).slice(0, 5),
    };
  }

  async connectionUses(id: string): Promise<ConnectionUsesView> {
    const uses = { running: 0, waiting: 0, paused: 0, needsYou: 0, over: 0, walking: 0, attention: 0 };
    for (const one of this.data.transfers) {
      if (one.destination.connection !== id && one.source.connection !== id) continue;
      if (one.state === 'paused') uses.paused += 1;
      else if (PACE[one.state] === 'running') uses.running += 1;
      else if (PACE[one.state] === 'waiting') uses.waiting += 1;
      else if (PACE[one.state] === 'needs-you') uses.needsYou += 1;
      else uses.over += 1;
    }
    uses.attention = this.data.attention.filter((one) => one.connection === id).length;
    return uses;
  }

  /** The two forms that the window's tests paste; Rust knows more. */
  async readAddress(text: string): Promise<AddressView | null> {
    const sftp = /^sftp:\/\/(?:([^@:/]+)(?::[^@]*)?@)?([^/:]+)(?::(\d+))?(\/.*)?$/.exec(text.trim());
    if (sftp) {
      const [, user, host = '', port, folder] = sftp;
      const settings = [{ key: 'host', value: host }, ...(port ? [{ key: 'port', value: port }] : []), ...(user ? [{ key: 'user', value: user }] : [])];
      const remarks = /:[^@/]+@/.test(text)
        ? [said('password-left-out', 'The password in the address is not taken over: an address is shown and kept. Type it into its own field.')]
        : [];
      return { kind: 'sftp', settings, folder: folder && folder !== '/' ? folder : null, remarks };
    }
    const s3 = /^s3:\/\/([^/]+)(?:\/(.+))?$/.exec(text.trim());
    if (!s3) return null;
    const [, bucket = '', prefix] = s3;
    return { kind: 's3', settings: [{ key: 'bucket', value: bucket }, ...(prefix ? [{ key: 'prefix', value: prefix }] : [])], folder: null, remarks: [] };
  }

  async previewMap(_kind: string, map: string, sample: string) {
    this.check('previewMap');
    return tryMap(map, sample);
  }

  /** An SFTP server that is new here shows a key to be trusted first; everything else passes. */
  async testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView> {
    this.check('testConnection');
    const one = this.connectionOf(id);
    const planned = this.failing.get(id);
    if (planned) {
      const steps = await this.#tell(tell, planned.steps);
      Object.assign(one, { health: 'failed', failure: planned.failure, healthDetail: planned.failure?.message ?? null });
      this.topics.tell(['connections']);
      return { ...planned, steps };
    }
    const changed = this.data.attention.some((open) => open.connection === id && open.kind === 'host-key-changed');
    if (one.kind === 'sftp' && (one.health === 'untested' || changed) && one.lastGoodAt === null) {
      const kind = changed ? 'host-key-changed' : 'host-key-unknown';
      const message = `${one.name} shows a host key that is ${changed ? 'another than before' : 'not on record yet'}`;
      const steps = await this.#tell(tell, [
        step(said('name-found', 'Name found'), 'passed', 4, { fact: '203.0.113.24' }),
        step(said('host-key', 'Host key'), 'failed', 2, { technical: message }),
      ]);
      if (!this.data.attention.some((open) => open.connection === id))
        this.raise(
          attention(`a-new-${(this.#made += 1)}`, 'host-key-unknown', id, one.name, Date.now(), {
            host: one.settings.find((setting) => setting.key === 'host')?.value ?? one.name,
            fingerprint: 'SHA256:Zx3bVn5mQ1wErTyUiOpAsDfGhJkLzXcVbNm7891234A',
          }),
        );
      return { steps, failure: { kind, side: 'destination', message, code: null } };
    }
    const steps = await this.#tell(tell, STEPS[one.kind] ?? S3_STEPS);
    Object.assign(one, { health: 'well', lastGoodAt: Date.now(), latencyMs: 21, failure: null, healthDetail: null });
    this.topics.tell(['connections']);
    return { steps, failure: null };
  }

  /** Tells each step as it begins and as it ends, and where a test wants to look in between, waits. */
  async #tell(tell: (step: TestStepView) => void, steps: TestStepView[]): Promise<TestStepView[]> {
    for (const one of steps) {
      tell(step(one.name, 'trying', 0));
      if (this.stepByStep)
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is about
        await new Promise<void>((resolve) => {
          this.goOn = resolve;
        });
      tell(one);
    }
    return steps;
  }

  async removeConnection(id: string, callOff: boolean) {
    this.check('removeConnection');
    const one = this.connectionOf(id);
    const uses = await this.connectionUses(id);
    const open = uses.running + uses.waiting + uses.paused + uses.needsYou;
    if (open > 0 && !callOff) refuse({ code: 'in-use', name: one.name, waiting: open });
    for (const transfer of this.data.transfers)
      if ((transfer.destination.connection === id || transfer.source.connection === id) && !['failed', 'done'].includes(PACE[transfer.state]))
        Object.assign(transfer, { state: 'cancelled' });
    this.#removed.set(id, one);
    this.data.connections = this.data.connections.filter((other) => other.id !== id);
    this.data.attention = this.data.attention.filter((other) => other.connection !== id);
    this.topics.tell(['connections', 'attention', 'transfers']);
    return null;
  }

  async restoreConnection(id: string) {
    this.check('restoreConnection');
    const one = this.#removed.get(id) ?? refuse({ code: 'not-here', what: id });
    this.#checkFree(one.name, null);
    this.data.connections.push({ ...one, health: 'untested', failure: null, waiting: 0 });
    this.topics.tell(['connections']);
    return null;
  }
}
