import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './steps.module.css';

export interface Step {
  key: string;
  state: 'done' | 'noted' | 'bad' | 'now' | 'open';
  /** The state in words, for readers that speak. */
  stateLabel?: string | undefined;
  text: ReactNode;
  /** More, in smaller letters. */
  detail?: string | null;
  /** Folded away below it. */
  more?: ReactNode;
  aside?: ReactNode;
  title?: string | undefined;
}

/** What happened, or what was tried, in order. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol aria-label={label} className={styles.steps}>
      {steps.map((step) => (
        <li key={step.key} className={cx(styles.step, styles[step.state])}>
          <div data-text className={styles.text}>
            {step.text}
            {step.detail ? <span className={styles.detail}>{step.detail}</span> : null}
            {step.stateLabel ? <span className={styles.spoken}>, {step.stateLabel}</span> : null}
            {step.more}
          </div>
          <span className={styles.aside} title={step.title}>
            {step.aside}
          </span>
        </li>
      ))}
    </ol>
  );
}
