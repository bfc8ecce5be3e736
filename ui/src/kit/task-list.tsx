import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './task-list.module.css';

/** Things that ask for somebody, one below the other: their times and buttons stand in columns. */
export function TaskList({ children, framed = false }: { children: ReactNode; framed?: boolean }) {
  return <ul className={cx(styles.list, framed && styles.framed)}>{children}</ul>;
}

/** One of what is unfolded below a line: its name, where it is, since when, and what is done about it. */
export function TaskPart({ name, detail, since, sinceTitle, action }: { name: string; detail: string; since: string; sinceTitle: string; action: ReactNode }) {
  return (
    <li className={styles.part}>
      <span className={styles.name}>
        {name}
        <span className={styles.detail}>{detail}</span>
      </span>
      <span className={styles.since} title={sinceTitle}>
        {since}
      </span>
      {action}
    </li>
  );
}

/** One of them: what it is, what it means, since when, and what is done about it. */
export function TaskLine({
  label,
  icon,
  tone,
  title,
  tag,
  detail,
  since,
  sinceTitle,
  more,
  action,
  children,
}: {
  /** Where what is unfolded below it makes a part of the page of it. */
  label?: string;
  icon: ReactNode;
  tone: 'bad' | 'warn';
  title: string;
  tag?: ReactNode;
  detail: string;
  since: string;
  sinceTitle: string;
  /** A quiet act before the one that counts: what unfolds it. */
  more?: ReactNode;
  action: ReactNode;
  /** What is unfolded below it. */
  children?: ReactNode;
}) {
  return (
    <li className={styles.line}>
      <div className={styles.head} {...(label ? { role: 'region', 'aria-label': label } : {})}>
        <span className={cx(styles.icon, styles[tone])}>{icon}</span>
        <span className={styles.what}>
          <span className={styles.title}>
            <b>{title}</b>
            {tag}
          </span>
          <span className={styles.detail}>{detail}</span>
        </span>
        <span className={styles.since} title={sinceTitle}>
          {since}
        </span>
        {more ? <span className={styles.more}>{more}</span> : null}
        <span className={styles.action}>{action}</span>
        {children ? <div className={styles.unfolded}>{children}</div> : null}
      </div>
    </li>
  );
}
