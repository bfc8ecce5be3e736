import { bytesOfBytes, formatBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { shownName } from '@/domain/path';
import { isOpen } from '@/domain/transfer';
import type { RunView } from '@/ipc';
import { ProgressBar } from '@/kit/progress-bar';
import { locale, m } from '@/messages';
import { useNow } from '@/parts/use-now';
import { Uncounted } from './held-run';
import styles from './run-line.module.css';

/** What was started together, with its totals. */
export function RunLine({ run }: { run: RunView }) {
  const now = useNow('minute');
  const started = formatMoment(run.createdAt, now, locale());
  return (
    <>
      <b className={styles.name} title={shownName(run.title)}>
        <bdi>{shownName(run.title)}</bdi>
      </b>
      <span className={styles.when} title={formatExact(run.createdAt, locale())}>
        {run.byCommand ? m.run_started_by_command({ at: started }) : m.run_started({ at: started })}
      </span>
      <RunTotals run={run} />
    </>
  );
}

function RunTotals({ run }: { run: RunView }) {
  const open = isOpen(run);
  const over = run.done + run.failed;
  const percent = run.bytes > 0 ? Math.floor((100 * Math.min(run.bytesDone, run.bytes)) / run.bytes) : run.files > 0 ? Math.floor((100 * over) / run.files) : 0;
  return (
    <span className={styles.totals}>
      {open && !run.counting && over > 0 ? (
        <span className={styles.bar}>
          <ProgressBar percent={Math.min(99, percent)} label={m.progress_of({ name: shownName(run.title), percent })} />
        </span>
      ) : null}
      {isUncounted(run) ? <Uncounted run={run} /> : <span>{runTotals(run).join(', ')}</span>}
      {run.needsYou > 0 ? <span className={styles.warn}>{m.files_need_you({ count: run.needsYou, n: formatNumber(run.needsYou, locale()) })}</span> : null}
      {run.failed > 0 ? <span className={styles.failed}>{m.run_failed({ n: formatNumber(run.failed, locale()) })}</span> : null}
    </span>
  );
}

/** Whether nothing of it is known yet: what it begins with was not looked into. */
export function isUncounted(run: RunView): boolean {
  return run.counting && run.files === 0;
}

/** How many of how many, and how much of how much. */
export function runTotals(run: RunView): string[] {
  if (isUncounted(run)) return [m.run_uncounted()];
  const number = (value: number) => formatNumber(value, locale());
  const bytes = bytesOfBytes(run.bytesDone, run.bytes, locale());
  const proved = run.requiredProof === 'matched' || run.matched > 0;
  return [
    proved ? m.run_matched({ matched: number(run.matched), files: number(run.files) }) : m.run_done({ done: number(run.done), files: number(run.files) }),
    isOpen(run) && run.bytesDone > 0 ? m.run_bytes(bytes) : formatBytes(run.bytes, locale()),
    run.counting ? m.run_counting() : '',
  ].filter(Boolean);
}
