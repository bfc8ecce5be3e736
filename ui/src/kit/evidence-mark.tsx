import { cx } from './class-names';
import styles from './evidence-mark.module.css';

export type Grade = 0 | 1 | 2 | 3 | 4;

/** Four rising bars with round ends. Those of one colour are one path: a long list has a mark in each row. */
const BARS = [0, 1, 2, 3].map((bar) => `M${1 + bar * 4} ${10 - bar * 2.4}a1 1 0 0 1 1-1h.6a1 1 0 0 1 1 1V12a1 1 0 0 1-1 1h-.6a1 1 0 0 1-1-1Z`);

/**
 * The product's signature: four rising bars (sent, accepted, matched, confirmed), a tick from *matched* on and two
 * for *confirmed*, always with its word. Shape before colour: it reads in black and white.
 */
export function EvidenceMark({ grade, label, title }: { grade: Grade; label: string; title?: string | undefined }) {
  const proved = grade >= 3;
  return (
    <span className={cx(styles.mark, proved && styles.proved)} title={title}>
      <svg aria-hidden="true" width={proved ? 28 : 17} height="14" viewBox={`0 0 ${proved ? 28 : 17} 14`}>
        {grade > 0 && <path className={styles.full} d={BARS.slice(0, grade).join('')} />}
        {grade < 4 && <path className={styles.empty} d={BARS.slice(grade).join('')} />}
        {grade === 3 && <path data-tick className={styles.tick} d="m19 8.5 2 2 3.6-4.4" />}
        {grade === 4 && <path data-tick className={styles.tick} d="m18.4 8.5 2 2L24 6.1M22.6 10.5l.4.3L26.8 6.1" />}
      </svg>
      <span className={styles.word}>{label}</span>
    </span>
  );
}
