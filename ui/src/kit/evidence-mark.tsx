import { cx } from './class-names';
import styles from './evidence-mark.module.css';

export type Grade = 0 | 1 | 2 | 3 | 4;

const BARS = [0, 1, 2, 3] as const;

/**
 * The product's signature: four rising bars (sent, accepted, matched, confirmed), a tick from *matched* on and two
 * for *confirmed*, always with its word. Shape before colour: it reads in black and white.
 */
export function EvidenceMark({ grade, label, title }: { grade: Grade; label: string; title?: string | undefined }) {
  const proved = grade >= 3;
  return (
    <span className={cx(styles.mark, proved && styles.proved)} title={title}>
      <svg aria-hidden="true" width={proved ? 28 : 17} height="14" viewBox={`0 0 ${proved ? 28 : 17} 14`}>
        {BARS.map((bar) => (
          <rect
            key={bar}
            x={1 + bar * 4}
            y={9 - bar * 2.4}
            width="2.6"
            height={4 + bar * 2.4}
            rx="1"
            className={bar < grade ? styles.full : styles.empty}
          />
        ))}
        {grade === 3 && <path className={styles.tick} d="m19 8.5 2 2 3.6-4.4" />}
        {grade === 4 && <path className={styles.tick} d="m18.4 8.5 2 2L24 6.1M22.6 10.5l.4.3L26.8 6.1" />}
      </svg>
      <span className={styles.word}>{label}</span>
    </span>
  );
}
