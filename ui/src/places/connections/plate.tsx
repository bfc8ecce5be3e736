import styles from './plate.module.css';

/** Two letters for what kind of place it is; its words stand beside it. */
export function Plate({ kind }: { kind: string }) {
  return (
    <span aria-hidden="true" className={styles.plate}>
      {kind.slice(0, 2).toUpperCase()}
    </span>
  );
}
