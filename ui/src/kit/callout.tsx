import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './callout.module.css';

/** A sentence with a way out: what happened, what was lost, who can mend it, the buttons. */
export function Callout({
  tone,
  title,
  children,
  actions,
  live = false,
}: {
  tone: 'bad' | 'warn' | 'ok' | 'hold' | 'accent';
  title: string;
  children?: ReactNode;
  actions?: ReactNode;
  /** Whether it is read aloud as soon as it appears. */
  live?: boolean;
}) {
  return (
    <div className={cx(styles.callout, styles[tone])} role={live ? 'alert' : undefined}>
      <strong className={styles.title}>{title}</strong>
      {children ? (
        <div data-text className={styles.body}>
          {children}
        </div>
      ) : null}
      {actions ? <div className={styles.actions}>{actions}</div> : null}
    </div>
  );
}
