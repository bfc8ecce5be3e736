import { Dialog } from './dialog';
import { KeyName } from './kbd';
import styles from './key-list.module.css';

export interface KeyLine {
  /** As it stands on the keyboard; several in their order, apart by two spaces. */
  keys: string;
  does: string;
}

export interface KeyGroup {
  id: string;
  title: string;
  keys: readonly KeyLine[];
}

/** Every key and what it does, under `?`. Groups without keys are left out. */
export function KeyListDialog({
  title,
  groups,
  closeLabel,
  onClose,
}: {
  title: string;
  groups: readonly KeyGroup[];
  closeLabel: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose} closeLabel={closeLabel}>
      {/* Longer than the dialog, it is scrolled by keys. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <div role="group" aria-label={title} tabIndex={0} className={styles.all}>
        {groups
          .filter((group) => group.keys.length > 0)
          .map((group) => (
            <section key={group.id}>
              <h3 className={styles.title}>{group.title}</h3>
              <ul>
                {group.keys.map((line) => (
                  <li key={`${line.keys} ${line.does}`} className={styles.line}>
                    <span>{line.does}</span>
                    <span>
                      {line.keys.split(/ {2,}/).map((key) => (
                        <kbd key={key} className={styles.key}>
                          <KeyName>{key}</KeyName>
                        </kbd>
                      ))}
                    </span>
                  </li>
                ))}
              </ul>
            </section>
          ))}
      </div>
    </Dialog>
  );
}
