import styles from './preview.module.css';

/** Why there is nothing to look at, and what can be done. */
export function Nothing({ title, body }: { title: string; body: string }) {
  return (
    <div className={styles.nothing} role="status">
      <strong>{title}</strong>
      <p>{body}</p>
    </div>
  );
}
