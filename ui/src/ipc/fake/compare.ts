// Comparisons of the fake desk: a plan that fills in two looks, and is run once.
import type { CompareDraftView, CountedView, PlanFilterView, PlanRowView, PlanView, RunAsShownView, StandingView, WhyView } from '../bindings';
import type { CompareCalls } from '../ports/compare';
import { type FakeCore, refuse } from './core';

interface FakePlan {
  draft: CompareDraftView;
  state: PlanView['state'];
  rows: PlanRowView[];
  looks: number;
}

const DAY = 86_400_000;

export class FakeComparisons implements CompareCalls {
  readonly #core: FakeCore;
  readonly #plans = new Map<string, FakePlan>();
  /** How many rows a plan has. */
  size = 0;
  /** Plans that were run, with the rows that were ticked. */
  readonly ran: { draft: CompareDraftView; ticked: string[] }[] = [];
  #fresh = 0;

  constructor(core: FakeCore) {
    this.#core = core;
  }

  /** How many plans nobody has closed. */
  get open(): number {
    return this.#plans.size;
  }

  startCompare = async (draft: CompareDraftView) => {
    this.#core.check('startCompare');
    const id = `plan-${(this.#fresh += 1)}`;
    this.#plans.set(id, { draft, state: { state: 'making' }, rows: rowsOf(draft, this.size, Date.now()), looks: 0 });
    return id;
  };

  #plan(id: string): FakePlan {
    return this.#plans.get(id) ?? refuse({ code: 'not-here', what: 'comparison' });
  }

  lookAtPlan = async (id: string): Promise<PlanView> => {
    const plan = this.#plan(id);
    plan.looks += 1;
    if (plan.looks > 1 && plan.state.state === 'making') plan.state = { state: 'made' };
    const shown = this.#shown(plan);
    const of = (fits: (row: PlanRowView) => boolean): CountedView => {
      const rows = shown.filter(fits);
      return { rows: rows.length, bytes: rows.reduce((sum, row) => sum + (row.source ?? row.target ?? { size: 0 }).size, 0) };
    };
    const standing = (word: StandingView) => of((row) => row.standing === word);
    return {
      state: plan.state, new: standing('new'), different: standing('different'), same: standing('same'), onlyThere: standing('only-there'),
      cannotTell: standing('cannot-tell'), toSend: of((row) => row.ticked && row.standing !== 'only-there'), toRemove: of((row) => row.ticked && row.standing === 'only-there'),
      folders: 4, bytesRead: plan.draft.by === 'checksum' ? 4_204_118 : 0,
    };
  };

  #shown(plan: FakePlan): PlanRowView[] {
    return plan.state.state === 'making' ? plan.rows.slice(0, 3) : plan.rows;
  }

  #fitting(plan: FakePlan, { standing, text }: PlanFilterView): PlanRowView[] {
    return this.#shown(plan).filter((row) => (standing === null || row.standing === standing) && (!text || row.path.toLowerCase().includes(text.toLowerCase())));
  }

  planPage = async (id: string, filter: PlanFilterView, from: number, limit: number) => {
    const rows = this.#fitting(this.#plan(id), filter).filter((row) => row.number >= from);
    return { rows: rows.slice(0, limit).map((row) => ({ ...row })), next: rows[limit]?.number ?? null };
  };

  tickPlan = async (id: string, rows: number[], on: boolean) => {
    for (const row of this.#plan(id).rows) if (rows.includes(row.number) && row.canBeTicked) row.ticked = on;
    return null;
  };

  tickAllOfPlan = async (id: string, filter: PlanFilterView, on: boolean) => {
    for (const row of this.#fitting(this.#plan(id), filter)) if (row.canBeTicked) row.ticked = on;
    return null;
  };

  runPlan = async (id: string): Promise<RunAsShownView> => {
    this.#core.check('runPlan');
    const plan = this.#plan(id);
    const ticked = plan.rows.filter((row) => row.ticked);
    this.ran.push({ draft: plan.draft, ticked: ticked.map((row) => row.path) });
    plan.state = { state: 'run' };
    const removed = ticked.filter((row) => row.standing === 'only-there').map((row) => ({ path: row.path, failure: null }));
    return { run: ticked.length > removed.length ? 'r-compare' : null, removed };
  };

  stopPlan = async (id: string) => {
    this.#plan(id).state = { state: 'stopped' };
    return null;
  };

  closePlan = async (id: string) => {
    this.#plans.delete(id);
    return null;
  };
}

function rowsOf(draft: CompareDraftView, size: number, now: number): PlanRowView[] {
  const seen = (bytes: number, days: number) => ({ size: bytes, modified: now - days * DAY });
  const exact = draft.by === 'checksum';
  const same: WhyView = exact ? { why: 'bytes', proof: 'sha256' } : { why: 'size-and-time' };
  const rows: Omit<PlanRowView, 'number' | 'canBeTicked' | 'ticked' | 'folder'>[] = [
    { path: 'Claim.pdf', standing: 'same', why: same, source: seen(1_204_118, 40), target: seen(1_204_118, 40) },
    { path: 'Correspondence/2027-01-14 Reply.pdf', standing: 'different', why: { why: 'source-newer' }, source: seen(96_418, 1), target: seen(96_418, 9) },
    { path: 'Correspondence/2027-01-20 Second letter.pdf', standing: 'new', why: { why: 'plain' }, source: seen(120_004, 0), target: null },
    { path: 'Exhibits/Exhibit 2.pdf', standing: 'different', why: { why: 'size' }, source: seen(1_902_118, 2), target: seen(1_882_004, 30) },
    exact
      ? { path: 'Exhibits/Exhibit 10.pdf', standing: 'same', why: same, source: seen(8_120_993, 28), target: seen(8_120_993, 20) }
      : { path: 'Exhibits/Exhibit 10.pdf', standing: 'cannot-tell', why: { why: 'target-newer' }, source: seen(8_120_993, 28), target: seen(8_120_993, 20) },
    { path: 'Exhibits/superseded.pdf', standing: 'only-there', why: { why: 'plain' }, source: null, target: seen(411_002, 90) },
    { path: 'Exhibits/Invoice \u202Efdp.exe', standing: 'new', why: { why: 'plain' }, source: seen(81_220, 3), target: null },
    { path: 'queue.fifo', standing: 'cannot-tell', why: { why: 'not-a-file' }, source: null, target: null },
  ];
  for (let at = 0; at < size; at += 1)
    rows.push({ path: `scans/page-${String(at).padStart(6, '0')}.tif`, standing: at % 3 === 0 ? 'new' : 'same', why: at % 3 === 0 ? { why: 'plain' } : same, source: seen(88_000 + at, 1), target: at % 3 === 0 ? null : seen(88_000 + at, 1) });
  return rows.map((row, number) => {
    const canBeTicked = row.standing === 'new' || row.standing === 'different' || row.standing === 'only-there' || row.why.why === 'target-newer';
    return { ...row, number, folder: false, canBeTicked, ticked: row.standing === 'new' || row.standing === 'different' };
  });
}
