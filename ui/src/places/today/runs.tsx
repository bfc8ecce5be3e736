import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { ClockAlert, Moon } from 'lucide-react';
import { formatBytes, formatNumber, formatSpan } from '@/domain/measure';
import { daysBetween, formatDay, formatExact, formatMoment, formatTime } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { GapView, RunOfDayView, TodayView } from '@/ipc';
import { EvidenceMark } from '@/kit/evidence-mark';
import { Tag } from '@/kit/tag';
import { evidenceMeaning, evidenceWord, locale, m } from '@/messages';
import { DemoTag, useDemoBeside } from '@/parts/demo-tag';
import { useNow } from '@/parts/use-now';
import { runEnds } from '@/queries';
import styles from './today.module.css';

/** So many runs of a day are told; the rest is in Transfers. */
const TOLD = 12;

/** When nothing ran, what ran while nobody looked, and what ran today. */
export function Runs({ day }: { day: TodayView }) {
  const away = day.runs.filter((one) => one.whileAway);
  const rest = day.runs.filter((one) => !one.whileAway);
  return (
    <>
      {day.gap ? <Gap gap={day.gap} /> : null}
      {day.away && away.length > 0 ? <Group id="away" title={m.today_while_away({ span: span(day.away.from, day.away.until) })} runs={away} /> : null}
      {rest.length > 0 ? <Group id="runs" title={m.today_runs()} runs={rest} /> : null}
    </>
  );
}

function span(from: number, until: number): string {
  return m.today_span({ from: moment(from, until), until: moment(until, until) });
}

/** The hour, and its day where that is another one than that of `now`. */
function moment(at: number, now: number): string {
  const time = formatTime(at, locale());
  return daysBetween(now, at) === 0 ? time : m.today_moment({ day: formatDay(at, now, locale()), time });
}

function Gap({ gap }: { gap: GapView }) {
  const now = useNow('minute');
  if (gap.clockSetBack)
    return (
      <p className={styles.gap}>
        <ClockAlert aria-hidden size={16} strokeWidth={1.75} />
        <span>{m.today_clock_back({ from: moment(gap.from, now), until: moment(gap.until, now) })}</span>
      </p>
    );
  return (
    <p className={styles.gap} title={`${formatExact(gap.from, locale())} – ${formatExact(gap.until, locale())}`}>
      <Moon aria-hidden size={16} strokeWidth={1.75} />
      <span>
        {m.today_gap({ from: moment(gap.from, now), until: moment(gap.until, now), span: formatSpan(gap.until - gap.from, locale()) })}
      </span>
    </p>
  );
}

function Group({ id, title, runs }: { id: string; title: string; runs: readonly RunOfDayView[] }) {
  const more = runs.length - TOLD;
  const demo = useDemoRuns(runs.slice(0, TOLD).map((one) => one.run.id));
  return (
    <section className={styles.section} aria-labelledby={`today-${id}`}>
      <h2 id={`today-${id}`} className={styles.heading}>
        {title}
      </h2>
      <ul className={styles.runs}>
        {runs.slice(0, TOLD).map((one) => (
          <Run key={one.run.id} day={one} demo={demo.has(one.run.id)} />
        ))}
      </ul>
      {more > 0 ? (
        <Link to="/transfers" className={styles.more}>
          {m.today_more_runs({ count: more, n: formatNumber(more, locale()) })}
        </Link>
      ) : null}
    </section>
  );
}

/** Those of these runs that go to the demo or come from it, where one's own connections stand beside it. */
function useDemoRuns(runs: readonly string[]): ReadonlySet<string> {
  const demo = useDemoBeside();
  const ends = useQuery({ ...runEnds(runs), enabled: demo.size > 0 && runs.length > 0 }).data ?? [];
  return new Set(ends.filter((one) => one.connections.some((id) => demo.has(id))).map((one) => one.run));
}

function Run({ day: { run, open }, demo }: { day: RunOfDayView; demo: boolean }) {
  const now = useNow('minute');
  const number = (value: number) => formatNumber(value, locale());
  const proved = run.matched === run.files && run.files > 0 && !run.counting;
  const grade = run.requiredProof === 'matched' || run.matched > 0 ? 'matched' : 'accepted';
  const reached = grade === 'matched' ? run.matched : run.done;
  return (
    <li>
      <Link to="/transfers" search={{ run: run.id }} className={styles.run}>
        <span className={styles.named}>
          <bdi className={styles.name} title={shownName(run.title)}>
            {shownName(run.title)}
          </bdi>
          {demo ? <DemoTag /> : null}
        </span>
        {run.failed > 0 ? <Tag tone="bad">{m.run_failed({ n: number(run.failed) })}</Tag> : <span />}
        <span className={styles.since} title={formatExact(run.createdAt, locale())}>
          {formatMoment(run.createdAt, now, locale())}
        </span>
        <span className={styles.size}>{formatBytes(run.bytes, locale())}</span>
        <span className={styles.grade}>
          <EvidenceMark
            grade={proved ? 3 : !open && grade === 'accepted' && reached === run.files ? 2 : 0}
            label={proved ? m.today_all_matched({ count: run.files, n: number(run.files) }) : m.today_of_files({ reached: number(reached), files: number(run.files), word: evidenceWord(grade) })}
            title={evidenceMeaning(grade)}
          />
        </span>
      </Link>
    </li>
  );
}
