import styles from './parts-bar.module.css';

/** Up to so many parts are drawn one by one; more become a band. */
const APART = 64;

interface Band {
  from: number;
  to: number;
  state: 'here' | 'flying';
}

/** The parts of a large file: those that arrived, those on their way, and room for the others. `label` says it in words. */
export function PartsBar({ total, here, flying, label }: { total: number; here: readonly (readonly [number, number])[]; flying: readonly number[]; label: string }) {
  const bands: Band[] = [
    ...here.map(([from, to]): Band => ({ from, to, state: 'here' })),
    ...flying.map((part): Band => ({ from: part, to: part, state: 'flying' })),
  ];
  const percent = (parts: number) => `${(100 * parts) / Math.max(1, total)}%`;
  return (
    <div role="img" aria-label={label} className={styles.bar}>
      {bands.map(({ from, to, state }) => (
        <i key={`${state}-${from}`} className={styles[state]} style={{ left: percent(from - 1), width: percent(to - from + 1) }} />
      ))}
      {total <= APART ? Array.from({ length: total - 1 }, (_, at) => <i key={at} className={styles.edge} style={{ left: percent(at + 1) }} />) : null}
    </div>
  );
}
