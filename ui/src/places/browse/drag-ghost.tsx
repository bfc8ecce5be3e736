import { useQuery } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { locale, m } from '@/messages';
import { connections } from '@/queries';
import styles from './browse.module.css';
import { useEntryDrag } from './entry-drag';

/** What is dragged and where it would go, beside the pointer. */
export function DragGhost() {
  const drag = useEntryDrag();
  const list = useQuery(connections).data ?? [];
  if (drag === null) return null;
  const { over, count } = drag;
  const n = formatNumber(count, locale());
  const name = over === null ? '' : over.connection === null ? m.this_computer() : (list.find((one) => one.id === over.connection)?.name ?? '');
  return (
    <div aria-hidden="true" className={styles.ghost} style={{ left: drag.x + 14, top: drag.y + 10 }}>
      {over === null ? m.browse_drag_none({ count, n }) : m.browse_drag_to({ count, n, place: `${name}:${shownName(over.path)}` })}
    </div>
  );
}
