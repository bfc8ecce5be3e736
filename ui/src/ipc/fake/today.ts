// The day of the fake desk, made of its data by the rules of the real one, and a demo that is joined at once.
import { secretEnd } from '@/domain/expiry';
import { PACE } from '@/domain/transfer';
import type {
  AttentionView, AwayView, DemoView, DiskView, GapView, HeldRunView, NeedView, RunOfDayView, TodayView, TransferCountsView,
} from '../bindings';
import type { TodayCalls } from '../ports/today';
import { type FakeCore, refuse } from './core';
import { connectionsOf, SAMPLES } from './data';

const PRESSING = ['host-key-changed', 'database-restored', 'disk-full', 'unauthenticated', 'host-key-unknown', 'conflict', 'failed', 'ended', 'waiting-long', 'ending'];
const HALF_HOUR = 30 * 60_000;
const DEMO = ['c-demo-s3', 'c-demo-sftp'];

export class FakeToday implements TodayCalls {
  readonly #core: FakeCore;
  readonly #counts: () => Promise<TransferCountsView>;
  away: AwayView | null = null;
  gap: GapView | null = null;
  disks: DiskView[] = [
    { connections: [], home: true, free: 212e9, total: 512e9 },
    { connections: [{ id: 'c-archive', name: 'archive' }], home: false, free: 61e9, total: 4e12 },
  ];
  /** Questions by the run that nobody could look through because of them. */
  held = new Map<string, string>();
  demo: DemoView = { connections: [], samples: [] };

  constructor(core: FakeCore, counts: () => Promise<TransferCountsView>) {
    this.#core = core;
    this.#counts = counts;
  }

  #questions(): NeedView[] {
    const { attention, runs, transfers } = this.#core.data;
    const groups = new Map<string, NeedView>();
    for (const one of attention) {
      const key = `${one.kind} ${one.connection} ${one.run}`;
      const known = groups.get(key);
      if (known) {
        known.count += 1;
        continue;
      }
      const run = runs.find((candidate) => candidate.id === one.run);
      const waits = (connection: string) => transfers.filter((row) => row.destination.connection === connection && !['done', 'failed'].includes(PACE[row.state])).length;
      groups.set(key, {
        kind: one.kind,
        connection: one.connection === null ? null : { id: one.connection, name: one.connectionName ?? '' },
        run: one.run === null ? null : { id: one.run, name: run?.title ?? '' },
        count: 1,
        since: one.raisedAt,
        question: one.id,
        heldUp: one.kind === 'conflict' || one.connection === null ? 0 : waits(one.connection),
      });
    }
    return [...groups.values()];
  }

  #needs(now: number): NeedView[] {
    const { runs, transfers } = this.#core.data;
    const questions = this.#questions();
    const failed = runs.filter((run) => run.failed > 0).map((run): NeedView => ({
      kind: 'failed', connection: null, run: { id: run.id, name: run.title }, count: run.failed, since: run.createdAt, question: null, heldUp: 0,
    }));
    const waiting = transfers.filter((one) => one.state === 'waiting' && one.createdAt <= now - HALF_HOUR);
    const long = [...new Set(waiting.map((one) => one.destination.connection))].map((id): NeedView => {
      const of = waiting.filter((one) => one.destination.connection === id);
      const name = of[0]?.destination.connectionName ?? '';
      return { kind: 'waiting-long', connection: { id: id ?? '', name }, run: null, count: of.length, since: of[0]?.createdAt ?? now, question: null, heldUp: of.length };
    });
    const refused = new Set(questions.filter((one) => one.kind === 'unauthenticated').map((one) => one.connection?.id));
    const ends = this.#core.data.connections.filter((one) => !refused.has(one.id)).flatMap((one): NeedView[] => {
      const end = secretEnd(one, now);
      if (!end || end.look === 'fine') return [];
      const kind = `${end.of}-${end.look === 'over' ? 'ended' : 'ending'}` as const;
      return [{ kind, connection: { id: one.id, name: one.name }, run: null, count: 1, since: end.at, question: null, heldUp: 0 }];
    });
    const rank = ({ kind }: NeedView) => PRESSING.indexOf(/end(ing|ed)$/.exec(kind)?.[0] ?? kind);
    return [...questions, ...failed, ...long, ...ends].sort((a, b) => rank(a) - rank(b) || a.since - b.since);
  }

  today = async (): Promise<TodayView> => {
    this.#core.check('today');
    const now = Date.now();
    const midnight = new Date(now).setHours(0, 0, 0, 0);
    const { connections, runs } = this.#core.data;
    const at = (health: string) => connections.filter((one) => one.health === health).length;
    return {
      midnight,
      gap: this.gap,
      away: this.away,
      runs: runs.map((run): RunOfDayView => ({
        run: { ...run },
        lastEndedAt: null,
        open: run.counting || run.done + run.failed < run.files,
        whileAway: this.away !== null && run.createdAt < this.away.until,
      })),
      matched: runs.reduce((sum, run) => sum + run.matched, 0),
      matchedBytes: runs.reduce((sum, run) => sum + run.bytesDone, 0),
      counts: await this.#counts(),
      disks: this.disks.filter((disk) => disk.home || disk.connections.some((one) => connections.some(({ id }) => id === one.id))),
      healths: { well: at('well'), untested: at('untested'), failed: at('failed'), stopped: at('stopped') },
    };
  };

  needs = async (): Promise<NeedView[]> => {
    this.#core.check('needs');
    return this.#needs(Date.now());
  };

  heldRuns = async (): Promise<HeldRunView[]> => {
    this.#core.check('heldRuns');
    return [...this.held].map(([run, question]) => ({ run, question }));
  };

  attentionPage: TodayCalls['attentionPage'] = async (group, after, limit) => {
    this.#core.check('attentionPage');
    const of = (one: AttentionView) => one.kind === group.kind && one.connection === group.connection && one.run === group.run;
    const rows = this.#core.data.attention.filter(of);
    const from = after === null ? 0 : rows.findIndex((one) => one.id === after) + 1;
    return rows.slice(from, from + limit);
  };

  demoState = async (): Promise<DemoView> => this.demo;

  demoJoin = async (): Promise<DemoView> => {
    this.#core.check('demoJoin');
    const now = Date.now();
    const [s3, sftp] = connectionsOf(now);
    if (!s3 || !sftp) return refuse({ code: 'internal', message: 'the fake has no connections to make a demo of' });
    const joined = [{ ...s3, id: 'c-demo-s3', name: 'demo-s3', waiting: 0 }, { ...sftp, id: 'c-demo-sftp', name: 'demo-sftp', waiting: 0 }];
    this.#core.data.connections = [...this.#core.data.connections.filter((one) => !DEMO.includes(one.id)), ...joined];
    this.demo = { connections: DEMO, samples: SAMPLES };
    this.#core.topics.tell(['connections']);
    return this.demo;
  };

  demoLeave = async (): Promise<null> => {
    this.#core.check('demoLeave');
    this.#core.data.connections = this.#core.data.connections.filter((one) => !DEMO.includes(one.id));
    this.demo = { connections: [], samples: [] };
    this.#core.topics.tell(['connections']);
    return null;
  };
}
