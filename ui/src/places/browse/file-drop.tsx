import { useEffect } from 'react';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { locale, m } from '@/messages';
import { DROP_FOLDER, DROP_TARGET, useDrag } from '@/parts/drag';
import styles from './browse.module.css';

/** Where files of the operating system would go that are held over the list: in words, and marked. */
export function FileDrop({ at, name }: { at: string; name: string }) {
  const held = useDrag();
  const folder = held?.connection === at ? (held.folder ?? null) : null;
  useEffect(() => {
    if (folder === null) return;
    const targets = [...document.querySelectorAll(`[${DROP_FOLDER}]`)];
    const under = targets.find((one) => one.getAttribute(DROP_FOLDER) === folder && one.getAttribute(DROP_TARGET) === at);
    under?.setAttribute('data-drop-over', '');
    return () => under?.removeAttribute('data-drop-over');
  }, [at, folder]);
  if (held === null || folder === null || folder === '') return null;
  return (
    <p className={styles.drop}>
      {m.browse_drop({ count: held.files, n: formatNumber(held.files, locale()), place: `${name}:${shownName(folder)}` })}
    </p>
  );
}
