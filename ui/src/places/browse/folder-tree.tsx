import { HERE, type Spot } from '@/domain/spots';
import { m } from '@/messages';
import { FolderTree as Tree } from '@/parts/folder-tree';
import styles from './browse.module.css';

/** The tree beside the list: what is chosen in it is shown in the tab. */
export function FolderTree({ here, path, onGo }: { here: Spot; path: string | null; onGo: (spot: Spot) => void }) {
  return (
    <div className={styles.tree} data-folder-tree="">
      <Tree
        label={m.browse_tree()}
        chosen={path === null ? null : { connection: here.at === HERE ? null : here.at, path }}
        onChoose={(place) => onGo({ at: place.connection ?? HERE, path: place.path })}
      />
    </div>
  );
}
