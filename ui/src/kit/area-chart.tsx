import styles from './area-chart.module.css';

const WIDTH = 420;
const HEIGHT = 56;

/** The last values as a filled line, oldest left, wide enough for `least` of them. `label` says in words what it shows. */
export function AreaChart({ values, least, label }: { values: readonly number[]; least: number; label: string }) {
  const top = Math.max(1, ...values) * 1.1;
  const step = WIDTH / (Math.max(values.length, least, 2) - 1);
  const start = WIDTH - step * (values.length - 1);
  const points = values.map((value, index) => {
    const x = (start + index * step).toFixed(1);
    const y = (HEIGHT - 2 - (value / top) * (HEIGHT - 6)).toFixed(1);
    return `${x} ${y}`;
  });
  const line = points.join(' L');
  return (
    <svg role="img" aria-label={label} className={styles.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none">
      {points.length > 1 ? (
        <>
          <path className={styles.area} d={`M${start.toFixed(1)} ${HEIGHT} L${line} L${WIDTH} ${HEIGHT}Z`} />
          <path className={styles.line} d={`M${line}`} vectorEffect="non-scaling-stroke" />
        </>
      ) : (
        <path className={styles.rest} d={`M0 ${HEIGHT - 1} H${WIDTH}`} vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  );
}
