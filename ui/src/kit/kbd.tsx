import { cx } from './class-names';
import styles from './kbd.module.css';

/** A key, drawn as one. Hidden from readers that speak: the control itself says what it does. */
export function Kbd({ children, plain = false }: { children: string; plain?: boolean }) {
  return (
    <kbd aria-hidden="true" className={cx(styles.kbd, plain && styles.plain)}>
      {children}
    </kbd>
  );
}
