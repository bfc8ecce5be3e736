// The queue and its history as the fake desk lists them: the same orders, filters and limits of a look as the real one's.
import { actsOf, type Act, PACE } from '@/domain/transfer';
import type { RunView, SavedViewView, StateView, StoryLineView, TransferFilterView, TransferView } from '../bindings';
import type { HistoryCalls } from '../ports/history';
import type { TransferCalls } from '../ports/transfers';
import { type FakeCore, refuse } from './core';

type Lists = HistoryCalls & Pick<TransferCalls, 'transfersPage' | 'transferCounts' | 'transferDetails' | 'runs'>;

const NEXT: Record<Act, StateView> = { pause: 'paused', resume: 'queued', cancel: 'cancelled', retry: 'queued' };
const PART = 16 * 1024 * 1024;
const COUNTED = { running: 'running', waiting: 'waiting', 'needs-you': 'needsYou', failed: 'failed', done: 'done' } as const;

/** What a test may prepare and look at afterwards. */
export interface FakeHistory {
  views: SavedViewView[];
  /** The ends that were shown in the file manager. */
  shown: string[];
}

export function newFakeHistory(): FakeHistory {
  return { views: [], shown: [] };
}

function directionOf(one: TransferView): string {
  if (one.source.connection === null) return 'sent';
  return one.destination.connection === null ? 'fetched' : 'between';
}

function takes(filter: TransferFilterView, one: TransferView, title: string): boolean {
  const words = (filter.text ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  const known = `${one.source.path} ${one.destination.path} ${title}`.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  return (
    (filter.pace === null || PACE[one.state] === filter.pace) &&
    (filter.run === null || one.run === filter.run) &&
    (filter.evidence.length === 0 || filter.evidence.includes(one.evidence)) &&
    (filter.connection === null || [one.source.connection, one.destination.connection].includes(filter.connection)) &&
    (filter.direction === null || directionOf(one) === filter.direction) &&
    (filter.since === null || one.createdAt >= filter.since) &&
    (filter.until === null || one.createdAt < filter.until) &&
    words.every((word) => known.some((other) => other.startsWith(word)))
  );
}

/** The same 64 digits for the same transfer. */
function hashOf(id: string): string {
  let at = 7;
  for (const letter of id) at = (at * 31 + letter.charCodeAt(0)) % 65_521;
  return Array.from({ length: 64 }, () => {
    at = (at * 75 + 74) % 65_537;
    return (at % 16).toString(16);
  }).join('');
}

/** What happened to a file with which nothing went wrong. */
function usualStory({ startedAt, endedAt, evidence, state }: TransferView): StoryLineView[] {
  const line = (event: StoryLineView['event'], at: number | null): StoryLineView[] => (at === null ? [] : [{ at, event, note: null, detail: null }]);
  const over = state === 'done' ? endedAt : null;
  return [
    ...line('claimed', startedAt),
    ...line('started', startedAt),
    ...line('accepted', evidence === 'none' ? null : (endedAt ?? startedAt)),
    ...line('settled', over),
  ];
}

export function fakeHistory(core: FakeCore, fake: FakeHistory): Lists {
  const all = () => core.data.transfers;
  const find = (id: string) => all().find((one) => one.id === id) ?? refuse({ code: 'not-here', what: id });
  const titles = () => new Map(core.data.runs.map((run) => [run.id, run.title]));

  /** Totals by pace are counted; the others are the day's own. */
  function counted(run: RunView): RunView {
    const at = { running: 0, waiting: 0, paused: 0, needsYou: 0 };
    for (const one of all()) {
      if (one.run !== run.id) continue;
      const pace = COUNTED[PACE[one.state]];
      if (pace !== 'failed' && pace !== 'done') at[pace] += 1;
      if (one.state === 'paused') at.paused += 1;
    }
    return { ...run, ...at };
  }

  function change(ids: string[], act: Act): number {
    const able = ids.map(find).filter((one) => actsOf(one.state).includes(act));
    for (const one of able) Object.assign(one, { state: NEXT[act], failure: null, dueAt: null });
    core.topics.tell(['transfers', 'runs']);
    return able.length;
  }

  function put(ids: string[], before: string | null, first: boolean): null {
    const moved = ids.map(find);
    const rest = all().filter((one) => !moved.includes(one));
    const at = first ? 0 : before === null ? rest.length : rest.findIndex((one) => one.id === before);
    core.data.transfers = [...rest.slice(0, at), ...moved, ...rest.slice(at)];
    core.topics.tell(['transfers']);
    return null;
  }

  return {
    async transfersPage(filter, cursor, limit) {
      core.check('transfersPage');
      const known = titles();
      const found = all().filter((one) => takes(filter, one, known.get(one.run) ?? ''));
      const start = cursor === null ? 0 : Number(cursor);
      const rows = found.slice(start, start + limit).map((one) => ({ ...one }));
      const ids = new Set(rows.map((one) => one.run));
      const runs = core.data.runs.filter((run) => ids.has(run.id)).map(counted);
      return { rows, runs, next: start + limit < found.length ? String(start + limit) : null };
    },
    async transferCounts() {
      const counts = { running: 0, waiting: 0, paused: 0, needsYou: 0, failed: 0, done: 0, matchedToday: 0, matchedBytesToday: 0, openBytes: 0 };
      for (const one of all()) {
        counts[COUNTED[PACE[one.state]]] += 1;
        if (one.state === 'paused') counts.paused += 1;
      }
      // A run of the day may have done more than the rows that it is shown with.
      counts.done = 0;
      for (const run of core.data.runs.map(counted)) {
        counts.done += Math.max(run.done, all().filter((one) => one.run === run.id && PACE[one.state] === 'done').length);
        counts.matchedToday += run.matched;
        counts.matchedBytesToday += run.bytesDone;
        if (run.running + run.waiting + run.needsYou > 0) counts.openBytes += run.bytes - run.bytesDone;
      }
      return counts;
    },
    async transferDetails(id) {
      const transfer = find(id);
      const parts = Math.floor(transfer.confirmed / PART);
      const kept = transfer.size > PART && transfer.state !== 'done' && transfer.startedAt !== null;
      return {
        sha256: core.data.hashes[id] ?? (transfer.state === 'done' ? hashOf(id) : null),
        version: null,
        storedAt: transfer.endedAt,
        sourceModified: transfer.createdAt - 3_600_000,
        remarks: [],
        metadata: core.data.metadata[transfer.run] ?? [],
        parts: kept ? { parts, bytes: parts * PART, total: Math.ceil(transfer.size / PART), partSize: PART, spans: parts > 0 ? [[1, parts]] : [] } : null,
        story: core.data.stories[id] ?? usualStory(transfer),
      };
    },
    async runs() {
      return core.data.runs.map(counted);
    },
    async runPage(pace, cursor, limit) {
      core.check('runPage');
      const known = new Set(all().filter((one) => pace === null || PACE[one.state] === pace).map((one) => one.run));
      const found = core.data.runs.filter((run) => known.has(run.id) || (pace === null && run.counting)).map(counted);
      found.sort((a, b) => b.createdAt - a.createdAt);
      const start = cursor === null ? 0 : Number(cursor);
      return { runs: found.slice(start, start + limit), next: start + limit < found.length ? String(start + limit) : null };
    },
    async run(id) {
      return counted(core.data.runs.find((run) => run.id === id) ?? refuse({ code: 'not-here', what: id }));
    },
    async transferBlocks(pace, wanted, limit) {
      core.check('transferBlocks');
      return wanted.map(({ run, skipped }) => {
        const rows = all().filter((one) => one.run === run && (pace === null || PACE[one.state] === pace));
        return { run, skipped, rows: rows.slice(skipped, skipped + limit).map((one) => ({ ...one })) };
      });
    },
    async someTransfers(ids) {
      return all().filter((one) => ids.includes(one.id)).map((one) => ({ ...one }));
    },
    async actOnAll(filter, act) {
      core.check('actOnAll');
      const known = titles();
      return change(all().filter((one) => takes(filter, one, known.get(one.run) ?? '')).map((one) => one.id), act);
    },
    moveFirst: async (ids) => put(ids, null, true),
    async moveBefore(ids, before) {
      core.check('moveBefore');
      return put(ids, before, false);
    },
    async showFile(id, side) {
      core.check('showFile');
      fake.shown.push(`${id} ${side}`);
      return null;
    },
    async savedViews() {
      return fake.views.map((view) => ({ ...view }));
    },
    async saveView({ id, ...view }) {
      if (fake.views.some((one) => one.place === view.place && one.id !== id && one.name.toLowerCase() === view.name.toLowerCase()))
        refuse({ code: 'name-taken', name: view.name });
      const kept = { ...view, id: id ?? `v-${fake.views.length + 1}` };
      const at = fake.views.findIndex((one) => one.id === id);
      if (at < 0) fake.views.push(kept);
      else fake.views[at] = kept;
      core.topics.tell(['views']);
      return kept.id;
    },
    async orderViews(ids) {
      const place = (id: string) => (ids.includes(id) ? ids.indexOf(id) : ids.length);
      fake.views.sort((a, b) => place(a.id) - place(b.id));
      core.topics.tell(['views']);
      return null;
    },
    async forgetView(id) {
      fake.views = fake.views.filter((one) => one.id !== id);
      core.topics.tell(['views']);
      return null;
    },
  };
}
