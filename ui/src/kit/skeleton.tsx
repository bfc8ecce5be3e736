import styles from './skeleton.module.css';

/** Where something will stand that is being fetched. `label` is read aloud once; the shapes are not. */
export function Skeleton({ label, lines = 3, shape = 'text' }: { label: string; lines?: number; shape?: 'text' | 'rows' | 'card' }) {
  return (
    <div role="status" aria-label={label} className={styles[shape]}>
      {Array.from({ length: lines }, (_, at) => (
        <i key={at} aria-hidden="true" className={styles.line} style={{ '--width': `${[92, 74, 84, 61][at % 4]}%` } as React.CSSProperties} />
      ))}
    </div>
  );
}

/** A little circle for what takes a moment, beside its words. */
export function Spinner({ label }: { label?: string }) {
  return <span className={styles.spinner} {...(label ? { role: 'status', 'aria-label': label } : { 'aria-hidden': true })} />;
}
