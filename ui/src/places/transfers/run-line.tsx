import { bytesOfBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { RunView } from '@/ipc';
import { locale, m } from '@/messages';
import styles from './run-line.module.css';

/** What was started together, with its totals. */
export function RunLine({ run }: { run: RunView | undefined }) {
  if (!run) return null;
  const number = (value: number) => formatNumber(value, locale());
  const open = run.done + run.failed < run.files;
  const bytes = bytesOfBytes(run.confirmedBytes, run.bytes, locale());
  const totals = [
    m.run_matched({ matched: number(run.matched), files: number(run.files) }),
    open && run.bytes > 0 ? m.run_bytes(bytes) : '',
    run.enumerating ? m.run_counting() : '',
  ].filter(Boolean);
  return (
    <>
      <b className={styles.name}>{shownName(run.name)}</b>
      <span className={styles.when} title={formatExact(run.createdAt, locale())}>
        {m.run_started({ at: formatMoment(run.createdAt, Date.now(), locale()) })}
      </span>
      <span className={styles.totals}>
        {totals.join(', ')}
        {run.failed > 0 ? <span className={styles.failed}>{`, ${m.run_failed({ n: number(run.failed) })}`}</span> : null}
      </span>
    </>
  );
}
