import { bytesOfBytes, formatNumber, formatPartSize, formatSpeed } from '@/domain/measure';
import { gradeOf, percent } from '@/domain/transfer';
import { type PartsView, type TransferView, useProgress } from '@/ipc';
import { EvidenceMark } from '@/kit/evidence-mark';
import { PartsBar } from '@/kit/parts-bar';
import { ProgressBar } from '@/kit/progress-bar';
import { endName, evidenceMeaning, evidenceWord, locale, m, stateWord } from '@/messages';
import styles from './transfer-side.module.css';
import { useStopped } from './use-stopped';

/** What the remote has confirmed so far, and how fast; once it is there, how sure that is. */
export function Confirmed({ transfer, parts }: { transfer: TransferView; parts: PartsView | null }) {
  const progress = useProgress(transfer.id);
  const confirmed = progress?.confirmed ?? transfer.confirmed;
  const moving = transfer.state === 'transferring';
  const stopped = useStopped(transfer) !== null;
  const over = transfer.state === 'done' || transfer.state === 'verifying';
  const begun = moving || confirmed > 0;
  if (over || transfer.folder || !begun)
    return (
      <div className={styles.grade}>
        <EvidenceMark
          grade={gradeOf(transfer.evidence)}
          label={transfer.evidence === 'none' ? stateWord(stopped ? 'waiting' : transfer.state) : evidenceWord(transfer.evidence)}
        />
        <span className={styles.quiet}>{evidenceMeaning(transfer.evidence)}</span>
      </div>
    );
  const done = percent(confirmed, transfer.size);
  return (
    <div>
      <div className={styles.confirmed}>
        <strong>{m.side_confirmed(bytesOfBytes(confirmed, transfer.size, locale()))}</strong>
        <span className={styles.quiet}>
          {moving && progress ? formatSpeed(progress.bytesPerSecond, locale()) : stateWord(stopped ? 'waiting' : transfer.state)}
        </span>
      </div>
      {parts ? (
        <Parts transfer={transfer} parts={parts} />
      ) : (
        <div className={styles.parts}>
          <ProgressBar thick percent={done} label={m.progress_of({ name: transfer.name, percent: done })} />
          <span className={styles.quiet}>{m.confirmed_by({ place: endName(transfer.destination) })}</span>
        </div>
      )}
    </div>
  );
}

/** The parts of a large file. The desk stores each that arrived; what is on its way is sent in order after them. */
function Parts({ transfer, parts }: { transfer: TransferView; parts: PartsView }) {
  const progress = useProgress(transfer.id);
  const arrived = progress ? Math.max(parts.parts, Math.floor(progress.confirmed / parts.partSize)) : parts.parts;
  const here: [number, number][] = arrived > parts.parts ? [[1, arrived]] : parts.spans;
  const missing = firstMissing(here, parts.total);
  const flying = transfer.state === 'transferring' && progress && missing !== null ? [missing] : [];
  const number = (value: number) => formatNumber(value, locale());
  const words = m.parts_of({ parts: number(arrived), total: number(parts.total), size: formatPartSize(parts.partSize, locale()), place: endName(transfer.destination) });
  return (
    <div className={styles.parts}>
      <PartsBar total={parts.total} here={here} flying={flying} label={words} />
      <span className={styles.quiet}>{words}</span>
    </div>
  );
}

function firstMissing(here: readonly (readonly [number, number])[], total: number): number | null {
  let next = 1;
  for (const [from, to] of here) {
    if (from > next) break;
    next = to + 1;
  }
  return next <= total ? next : null;
}
