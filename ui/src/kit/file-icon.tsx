import styles from './file-icon.module.css';

export type SheetKind = 'pdf' | 'image' | 'sheet' | 'text' | 'archive' | 'plain';

/** A little sheet with a coloured label. Decoration: the name stands beside it. */
export function FileIcon({ kind }: { kind: SheetKind }) {
  return (
    <svg aria-hidden="true" width="15" height="17" viewBox="0 0 15 17" fill="none">
      <path
        className={styles.outline}
        d="M2 1h7l4 4v10a1 1 0 0 1-1 1H2a1 1 0 0 1-1-1V2a1 1 0 0 1 1-1Z"
      />
      <rect x="3.2" y="9.2" width="7.4" height="4" rx="1" className={styles[kind]} />
    </svg>
  );
}
