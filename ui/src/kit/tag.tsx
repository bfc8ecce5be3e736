import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './tag.module.css';

export type Tone = 'ok' | 'warn' | 'bad' | 'hold' | 'accent' | 'plain';

/** A state in one or two words. The words say it; the colour only helps. */
export function Tag({ tone, children }: { tone: Tone; children: ReactNode }) {
  return <span className={cx(styles.tag, styles[tone])}>{children}</span>;
}
