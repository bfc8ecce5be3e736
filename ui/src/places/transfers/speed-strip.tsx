import { useQuery } from '@tanstack/react-query';
import { formatNumber, formatSpeed, measureBytes, splitSpan } from '@/domain/measure';
import { bytesLeft } from '@/domain/transfer';
import { useTotals } from '@/ipc';
import { AreaChart } from '@/kit/area-chart';
import { locale, m } from '@/messages';
import { runs, transferCounts } from '@/queries';
import styles from './speed-strip.module.css';

/** Speed, time left and what was proved since the desk was opened, in figures that keep their width. */
export function SpeedStrip() {
  const totals = useTotals();
  const counts = useQuery(transferCounts).data;
  const left = bytesLeft(useQuery(runs).data ?? [], totals.confirmed);
  const speed = measureBytes(totals.bytesPerSecond, locale());
  const span = totals.bytesPerSecond > 0 && left > 0 ? splitSpan((left / totals.bytesPerSecond) * 1000) : null;
  return (
    <div className={styles.strip}>
      <Figure label={m.strip_now()} parts={[{ value: speed.value, unit: `${speed.unit}/s` }]} />
      <Figure
        label={m.strip_left()}
        parts={span ? span.map((part) => ({ value: String(part.value), unit: part.unit })) : [{ value: '–', unit: '' }]}
      />
      <Figure
        label={m.strip_matched()}
        parts={[{ value: counts ? formatNumber(counts.matchedSinceStart, locale()) : '–', unit: '' }]}
      />
      <div className={styles.chart}>
        <AreaChart
          values={totals.history}
          least={12}
          label={m.strip_chart({ speed: formatSpeed(totals.bytesPerSecond, locale()) })}
        />
      </div>
    </div>
  );
}

function Figure({ label, parts }: { label: string; parts: readonly { value: string; unit: string }[] }) {
  return (
    <dl className={styles.figure}>
      <dt>{label}</dt>
      <dd>
        {parts.map((part) => (
          <span key={part.unit}>
            {part.value}
            {part.unit ? <small>{part.unit}</small> : null}
          </span>
        ))}
      </dd>
    </dl>
  );
}
