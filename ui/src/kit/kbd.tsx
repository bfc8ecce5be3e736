import { createContext, useContext } from 'react';
import { cx } from './class-names';
import styles from './kbd.module.css';

/** How keys are called where one sits: “Ctrl K” is “Strg K” on a German keyboard. */
export const KeyNames = createContext<(keys: string) => string>((keys) => keys);

/** A key, drawn as one. Hidden from readers that speak: the control itself says what it does. */
export function Kbd({ children, plain = false }: { children: string; plain?: boolean }) {
  return (
    <kbd aria-hidden="true" className={cx(styles.kbd, plain && styles.plain)}>
      {useContext(KeyNames)(children)}
    </kbd>
  );
}
