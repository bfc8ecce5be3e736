import type { ReactNode } from 'react';
import styles from './section.module.css';

/** A part of the side panel under a small heading. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className={styles.title}>{title}</h3>
      {children}
    </section>
  );
}
