import type { ReactNode } from 'react';
import styles from './settings.module.css';

/** Fields that belong together, and why they are there in a line. */
export function Block({ title, why, children }: { title: string; why?: ReactNode; children: ReactNode }) {
  return (
    <section className={styles.card} aria-label={title}>
      <div className={styles.heading}>
        <h3>{title}</h3>
        {why ? <p>{why}</p> : null}
      </div>
      {children}
    </section>
  );
}

/** A choice of two to five with its label above and its help below. */
export function Choice({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <div className={styles.choice}>
      <span className={styles.label}>{label}</span>
      {children}
      {help ? <span className={styles.help}>{help}</span> : null}
    </div>
  );
}
