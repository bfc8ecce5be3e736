import { bytesOfBytes, formatBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { shownName } from '@/domain/path';
import { isOpen } from '@/domain/transfer';
import type { RunView } from '@/ipc';
import { locale, m } from '@/messages';
import { useNow } from '@/parts/use-now';
import styles from './run-line.module.css';

/** What was started together, with its totals. */
export function RunLine({ run }: { run: RunView | undefined }) {
  const now = useNow('minute');
  if (!run) return null;
  const number = (value: number) => formatNumber(value, locale());
  const open = isOpen(run);
  const bytes = bytesOfBytes(run.bytesDone, run.bytes, locale());
  const proved = run.requiredProof === 'matched' || run.matched > 0;
  const totals = [
    proved
      ? m.run_matched({ matched: number(run.matched), files: number(run.files) })
      : m.run_done({ done: number(run.done), files: number(run.files) }),
    open && run.bytesDone > 0 ? m.run_bytes(bytes) : formatBytes(run.bytes, locale()),
    run.counting ? m.run_counting() : '',
  ].filter(Boolean);
  return (
    <>
      <b className={styles.name}>{shownName(run.title)}</b>
      <span className={styles.when} title={formatExact(run.createdAt, locale())}>
        {m.run_started({ at: formatMoment(run.createdAt, now, locale()) })}
      </span>
      <span className={styles.totals}>
        {totals.join(', ')}
        {run.failed > 0 ? <span className={styles.failed}>{`, ${m.run_failed({ n: number(run.failed) })}`}</span> : null}
      </span>
    </>
  );
}
