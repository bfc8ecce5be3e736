import { ArrowLeft, ArrowRight } from 'lucide-react';
import { createContext, useContext } from 'react';
import { cx } from './class-names';
import styles from './kbd.module.css';

/** How keys are called where one sits: “Ctrl K” is “Strg K” on a German keyboard. */
export const KeyNames = createContext<(keys: string) => string>((keys) => keys);

/** Arrows that the window's own letters do not have: another font's would differ from computer to computer. */
const DRAWN = { '←': ArrowLeft, '→': ArrowRight };
const isDrawn = (piece: string): piece is keyof typeof DRAWN => piece in DRAWN;

/** The name of a key, as it stands on it. */
export function KeyName({ children }: { children: string }) {
  const name = useContext(KeyNames)(children);
  return name.split(/(←|→)/).map((piece, at) => {
    if (!isDrawn(piece)) return piece;
    const Arrow = DRAWN[piece];
    // oxlint-disable-next-line react/no-array-index-key
    return <Arrow key={at} role="img" aria-label={piece} className={styles.arrow} />;
  });
}

/** A key, drawn as one. Hidden from readers that speak: the control itself says what it does. */
export function Kbd({ children, plain = false }: { children: string; plain?: boolean }) {
  return (
    <kbd aria-hidden="true" className={cx(styles.kbd, plain && styles.plain)}>
      <KeyName>{children}</KeyName>
    </kbd>
  );
}
