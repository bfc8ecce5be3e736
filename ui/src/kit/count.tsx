import { cx } from './class-names';
import styles from './count.module.css';
import spoken from './spoken.module.css';

/** How many, at the end of a line. `says` is of what, for the pointer and for readers that speak; `alert` is for what needs a person. */
export function Count({ text, says, alert = false }: { text: string; says: string; alert?: boolean }) {
  return (
    <b className={cx(styles.count, alert && styles.alert)} title={says}>
      <span aria-hidden>{text}</span>
      <span className={spoken.spoken}>{says}</span>
    </b>
  );
}
