import type { ReactNode } from 'react';
import { cx } from './class-names';
import styles from './key-values.module.css';

export interface KeyValue {
  key: string;
  label: string;
  value: ReactNode;
  mono?: boolean;
  title?: string | undefined;
  /** What goes there, at the end of its line: an `IconButton`. */
  action?: ReactNode;
}

export function KeyValues({ pairs, narrow = false }: { pairs: readonly KeyValue[]; narrow?: boolean }) {
  return (
    <dl className={cx(styles.list, narrow && styles.narrow)}>
      {pairs.map((pair) => (
        <div key={pair.key} className={styles.pair}>
          <dt>{pair.label}</dt>
          <dd data-text title={pair.title} className={cx(pair.mono && styles.mono, pair.action ? styles.acts : undefined)}>
            {pair.action ? <span className={styles.value}>{pair.value}</span> : pair.value}
            {pair.action}
          </dd>
        </div>
      ))}
    </dl>
  );
}
