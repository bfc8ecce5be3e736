import { ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { Button } from 'react-aria-components';
import { cx } from './class-names';
import spoken from './spoken.module.css';
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
  /** What led to it as a matter of course: folded into it, and told when somebody asks. */
  before?: { label: string; steps: readonly Step[] } | undefined;
}

/** What happened, or what was tried, in order. */
export function Steps({ steps, label }: { steps: readonly Step[]; label: string }) {
  return (
    <ol aria-label={label} className={styles.steps}>
      {steps.map((step) => (
        <Line key={step.key} step={step} />
      ))}
    </ol>
  );
}

function Line({ step }: { step: Step }) {
  const [open, setOpen] = useState(false);
  const { before } = step;
  return (
    <>
      {open ? before?.steps.map((one) => <Line key={one.key} step={one} />) : null}
      <li className={cx(styles.step, styles[step.state])}>
        <div data-text className={styles.text}>
          {step.text}
          {before ? (
            <Button className={styles.before} aria-expanded={open} onPress={() => setOpen(!open)}>
              <ChevronRight aria-hidden size={12} className={styles.chevron} />
              {before.label}
            </Button>
          ) : null}
          {step.detail ? <span className={styles.detail}>{step.detail}</span> : null}
          {step.stateLabel ? <span className={spoken.spoken}>, {step.stateLabel}</span> : null}
          {step.more}
        </div>
        <span className={styles.aside} title={step.title}>
          {step.aside}
        </span>
      </li>
    </>
  );
}
