import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { cx } from './class-names';
import styles from './data-grid.module.css';
import { type GridColumn, type GridSort, type GridWidths, NARROWEST_COLUMN } from './grid-column';

const STEP = 16;

/**
 * The headers: one tab stop where they do something. Arrows move between them, Enter and Space sort, Alt with an arrow
 * makes a column narrower or wider, as dragging its edge does.
 */
export function GridHead<T>({
  columns,
  sort,
  onSort,
  widths,
  onWidths,
  handle,
}: {
  columns: readonly GridColumn<T>[];
  sort: GridSort | undefined;
  onSort: ((sort: GridSort) => void) | undefined;
  widths: GridWidths;
  onWidths: ((widths: GridWidths) => void) | undefined;
  /** A column without a header stands before the first. */
  handle: boolean;
}) {
  const [at, setAt] = useState(0);
  const drag = useRef<{ id: string; x: number; width: number } | null>(null);
  const acts = (column: GridColumn<T>) => onWidths !== undefined || (onSort !== undefined && column.sortable === true);
  const stops = columns.filter(acts);
  const stop = stops[Math.min(at, stops.length - 1)];

  function sortBy(column: GridColumn<T>) {
    if (!column.sortable) return;
    const again = sort?.column === column.id && sort.direction === 'ascending';
    onSort?.({ column: column.id, direction: again ? 'descending' : 'ascending' });
  }
  function resize(id: string, width: number) {
    onWidths?.({ ...widths, [id]: Math.max(NARROWEST_COLUMN, Math.round(width)) });
  }
  function onKeyDown(event: KeyboardEvent<HTMLElement>, column: GridColumn<T>) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.ctrlKey || event.metaKey) return;
    if (step !== undefined && event.altKey) {
      event.preventDefault();
      const now = widths[column.id] ?? event.currentTarget.getBoundingClientRect().width;
      resize(column.id, now + step * STEP);
    } else if (step !== undefined) {
      event.preventDefault();
      const next = Math.min(stops.length - 1, Math.max(0, stops.indexOf(column) + step));
      setAt(next);
      const row = event.currentTarget.parentElement;
      row?.querySelector<HTMLElement>(`[data-column="${CSS.escape(stops[next]?.id ?? '')}"]`)?.focus();
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      sortBy(column);
    } else return;
    event.stopPropagation();
  }
  function grip(column: GridColumn<T>) {
    const moved = (event: PointerEvent) => {
      const from = drag.current;
      if (from?.id === column.id) resize(column.id, from.width + event.clientX - from.x);
    };
    return (
      <span
        aria-hidden="true"
        className={styles.grip}
        onClick={(event) => event.stopPropagation()}
        onPointerDown={(event) => {
          const head = event.currentTarget.parentElement;
          if (event.button !== 0 || !head) return;
          drag.current = { id: column.id, x: event.clientX, width: head.getBoundingClientRect().width };
          event.currentTarget.setPointerCapture?.(event.pointerId);
        }}
        onPointerMove={moved}
        onPointerUp={() => {
          drag.current = null;
        }}
      />
    );
  }
  return (
    <div role="row" aria-rowindex={1} className={cx(styles.line, styles.headRow)}>
      {handle ? <span role="presentation" /> : null}
      {columns.map((column, index) => {
        const sorted = sort?.column === column.id ? sort.direction : undefined;
        const sorts = onSort !== undefined && column.sortable === true;
        return (
          <div
            key={column.id}
            role="columnheader"
            data-column={column.id}
            aria-colindex={index + 1}
            aria-sort={sorts ? (sorted ?? 'none') : undefined}
            aria-keyshortcuts={onWidths ? 'Alt+ArrowLeft Alt+ArrowRight' : undefined}
            tabIndex={acts(column) ? (column === stop ? 0 : -1) : undefined}
            className={cx(styles.header, sorts && styles.sorts, column.align === 'end' && styles.end, column.optional && styles.optional)}
            onClick={sorts ? () => sortBy(column) : undefined}
            onFocus={() => setAt(Math.max(0, stops.indexOf(column)))}
            onKeyDown={acts(column) ? (event) => onKeyDown(event, column) : undefined}
          >
            <span className={styles.headText}>{column.header}</span>
            {sorted === 'ascending' ? <ChevronUp aria-hidden size={12} /> : null}
            {sorted === 'descending' ? <ChevronDown aria-hidden size={12} /> : null}
            {onWidths ? grip(column) : null}
          </div>
        );
      })}
    </div>
  );
}
