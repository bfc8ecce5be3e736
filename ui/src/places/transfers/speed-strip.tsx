import { useQuery } from '@tanstack/react-query';
import { formatNumber, formatSpeed, measureBytes, splitSpan } from '@/domain/measure';
import { useTotals } from '@/ipc';
import { AreaChart } from '@/kit/area-chart';
import { locale, m } from '@/messages';
import { transferCounts } from '@/queries';
import styles from './speed-strip.module.css';

/**
 * Speed, time left and what was proved today, in figures that keep their width. While nothing moves there is no speed to
 * show and nothing left to wait for.
 */
export function SpeedStrip() {
  const totals = useTotals();
  const counts = useQuery(transferCounts).data;
  const moving = totals.bytesPerSecond > 0 || (counts?.running ?? 0) > 0;
  const left = Math.max(0, (counts?.openBytes ?? 0) - totals.confirmed);
  const speed = measureBytes(totals.bytesPerSecond, locale());
  const span = totals.bytesPerSecond > 0 && left > 0 ? splitSpan((left / totals.bytesPerSecond) * 1000) : null;
  const bytes = measureBytes(counts?.matchedBytesToday ?? 0, locale());
  return (
    <div className={styles.strip}>
      {moving ? (
        <>
          <Figure label={m.strip_now()} parts={[{ value: speed.value, unit: `${speed.unit}/s` }]} />
          <Figure label={m.strip_left()} parts={span ? span.map((part) => ({ value: String(part.value), unit: part.unit })) : [{ value: '–', unit: '' }]} />
        </>
      ) : null}
      <Figure label={m.strip_matched_today()} parts={[{ value: counts ? formatNumber(counts.matchedToday, locale()) : '–', unit: '' }]} />
      {moving || (counts?.matchedToday ?? 0) === 0 ? null : <Figure label={m.strip_bytes_today()} parts={[{ value: bytes.value, unit: bytes.unit }]} />}
      {moving || totals.history.some((value) => value > 0) ? (
        <div className={styles.chart}>
          <AreaChart values={totals.history} least={12} label={m.strip_chart({ speed: formatSpeed(totals.bytesPerSecond, locale()) })} />
        </div>
      ) : null}
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
