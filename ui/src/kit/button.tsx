import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components';
import styles from './button.module.css';
import { cx } from './class-names';
import { Kbd } from './kbd';

export interface ButtonProps extends Omit<AriaButtonProps, 'className' | 'style' | 'children'> {
  children: ReactNode;
  /** `go` is the one primary action of a place or dialog, `bad` destroys, `quiet` has no frame. */
  tone?: 'plain' | 'go' | 'bad' | 'quiet';
  /** The key that does the same, shown where it acts. */
  shortcut?: string | undefined;
}

export function Button({ children, tone = 'plain', shortcut, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={cx(styles.button, styles[tone])}>
      {children}
      {shortcut ? <Kbd plain>{shortcut}</Kbd> : null}
    </AriaButton>
  );
}

/** A button among words, which leads somewhere on the same page. */
export function Link({ children, ...rest }: Omit<AriaButtonProps, 'className' | 'style' | 'children'> & { children: ReactNode }) {
  return (
    <AriaButton {...rest} className={styles.link}>
      {children}
    </AriaButton>
  );
}

/** A button with a picture only; `label` is read aloud and shown on hover. */
export function IconButton({
  label,
  children,
  ...rest
}: Omit<AriaButtonProps, 'className' | 'style' | 'children' | 'aria-label'> & { label: string; children: ReactNode }) {
  return (
    <AriaButton {...rest} aria-label={label} className={styles.icon}>
      <span title={label} className={styles.face}>
        {children}
      </span>
    </AriaButton>
  );
}
