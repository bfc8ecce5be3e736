import { cx } from './class-names';
import styles from './count.module.css';

/** How many, at the end of a line. `alert` is for what needs a person. */
export function Count({ text, alert = false }: { text: string; alert?: boolean }) {
  return <b className={cx(styles.count, alert && styles.alert)}>{text}</b>;
}
