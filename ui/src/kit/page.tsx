import { createContext, useContext, type ReactNode } from 'react';
import styles from './page.module.css';

/** What stands in the header of every place, before its own actions. */
export const PageTools = createContext<ReactNode>(null);

/** A place: one title line that says the state in words and numbers, then what the place shows. */
export function Page({
  title,
  sub,
  actions,
  children,
}: {
  title: string;
  sub: ReactNode;
  actions: ReactNode;
  children: ReactNode;
}) {
  return (
    <main className={styles.page}>
      <header className={styles.header}>
        <h1 className={styles.title}>{title}</h1>
        <span className={styles.sub} aria-live="off" title={typeof sub === 'string' ? sub : undefined}>
          <span className={styles.text}>{sub}</span>
        </span>
        <div className={styles.actions}>
          {useContext(PageTools)}
          {actions}
        </div>
      </header>
      {children}
    </main>
  );
}
