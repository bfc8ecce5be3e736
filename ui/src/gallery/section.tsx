import type { ReactNode } from 'react';
import styles from './gallery.module.css';

/** One part of the kit with its states beside each other. */
export function Part({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return (
    <section className={styles.part} data-wide={wide || undefined} aria-label={name}>
      <h2>{name}</h2>
      <div className={styles.states}>{children}</div>
    </section>
  );
}
