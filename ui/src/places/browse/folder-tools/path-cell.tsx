import { lastName, shownName } from '@/domain/path';
import styles from './tools.module.css';

/** A path in a list: its folders give way first, so that the file's own name is read as long as there is room for it. */
export function PathCell({ path }: { path: string }) {
  const name = lastName(path);
  const folders = path.slice(0, path.length - name.length);
  return (
    <span className={styles.path} data-text title={shownName(path)}>
      {folders === '' ? null : <span className={styles.folders}>{shownName(folders)}</span>}
      <bdi className={styles.name}>{shownName(name)}</bdi>
    </span>
  );
}
