// The lines of a long list as they are drawn. While the list is scrolled, those that stay are not drawn anew: each takes
// only what it shows, and what is done to it is heard by the list.
import { ChevronRight, GripVertical } from 'lucide-react';
import { memo, type ReactNode } from 'react';
import { cx } from './class-names';
import styles from './data-grid.module.css';
import type { GridColumn } from './grid-column';
import { ROW } from './grid-lines';

interface Line {
  /** The key of the line; the list finds it again by that. */
  name: string;
  /** Pixels below the top of the list; `null` for a heading that stays where it is. */
  start: number | null;
  /** `aria-rowindex`. */
  index: number;
  selected: boolean;
  /** The line with the tab stop. */
  current: boolean;
}

interface RowProps<T> extends Line {
  item: T;
  columns: readonly GridColumn<T>[];
  marksOf: ((item: T) => Readonly<Record<`data-${string}`, string | undefined>>) | undefined;
  /** What the handle says, where the rows of this list have an order; `movable` is whether this one has a place in it. */
  handle: string | undefined;
  movable: boolean;
  dragged: boolean;
  /** What is dragged would stand before it. */
  drop: boolean;
}

const placed = (start: number | null) => (start === null ? {} : { transform: `translateY(${start}px)` });

function Row<T>({ name, start, index, selected, current, item, columns, marksOf, handle, movable, dragged, drop }: RowProps<T>) {
  return (
    <div
      role="row"
      data-key={name}
      aria-rowindex={index}
      aria-selected={selected}
      tabIndex={current ? 0 : -1}
      data-drop={drop ? '' : undefined}
      data-dragged={dragged ? '' : undefined}
      className={cx(styles.line, styles.row)}
      style={placed(start)}
      {...marksOf?.(item)}
    >
      {handle !== undefined && !movable ? <span aria-hidden="true" /> : null}
      {handle !== undefined && movable ? (
        <span aria-hidden="true" title={handle} data-handle className={styles.handle}>
          <GripVertical size={14} />
        </span>
      ) : null}
      {columns.map((column, at) => (
        <div
          key={column.id}
          role="gridcell"
          aria-colindex={at + 1}
          className={cx(styles.cell, column.align === 'end' && styles.end, (column.figures ?? column.align === 'end') && styles.figures, column.optional && styles.optional)}
        >
          {column.cell(item)}
        </div>
      ))}
    </div>
  );
}

/** A row of the list. */
export const GridRow = memo(Row) as typeof Row;

interface HeadingProps extends Line {
  content: ReactNode;
  fold: { open: boolean; label: string; onFold: (open: boolean) => void } | undefined;
  /** How many columns it stands over. */
  span: number;
}

/** What stands above the rows that belong together. */
export const GridHeading = memo(function GridHeading({ name, start, index, selected, current, content, fold, span }: HeadingProps) {
  const focusable = fold ? { 'data-key': name, 'aria-selected': selected, tabIndex: current ? 0 : -1 } : {};
  return (
    <div role="row" aria-rowindex={index} className={cx(styles.group, start === null && styles.sticky)} style={placed(start)} {...focusable}>
      <div role="gridcell" aria-colindex={1} aria-colspan={span} className={styles.groupCell}>
        {fold ? (
          <button
            type="button"
            tabIndex={-1}
            data-fold
            aria-expanded={fold.open}
            aria-label={fold.label}
            className={styles.fold}
            onDoubleClick={(event) => event.stopPropagation()}
            onClick={(event) => {
              event.stopPropagation();
              fold.onFold(!fold.open);
            }}
          >
            <ChevronRight aria-hidden size={14} />
          </button>
        ) : null}
        {content}
      </div>
    </div>
  );
});

/** The room of rows that are not here yet. */
export const GridGap = memo(function GridGap({ start, rows }: { start: number; rows: number }) {
  return <div aria-hidden="true" className={styles.gap} style={{ ...placed(start), height: rows * ROW }} />;
});
