import { cx } from './class-names';
import styles from './progress-bar.module.css';

/** Bytes that the remote confirmed, as a bar. `label` says of what, for readers that speak. */
export function ProgressBar({ percent, label, thick = false }: { percent: number; label: string; thick?: boolean }) {
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
      className={cx(styles.track, thick && styles.thick)}
    >
      <i className={styles.fill} style={{ width: `${percent}%` }} />
    </div>
  );
}
