import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { cx } from './class-names';
import styles from './data-grid.module.css';
import { matchAhead, move, rangeBetween } from './grid-keys';

export interface GridColumn<T> {
  id: string;
  header: string;
  /** A track of a CSS grid. */
  track: string;
  /** Numbers stand at the end of their column and keep their width. */
  align?: 'end';
  /** Numbers that stand at its beginning and keep their width too. */
  figures?: boolean;
  /** Left out where the grid is narrow. */
  optional?: boolean;
  cell: (item: T) => ReactNode;
}

export type GridLine<T> =
  | { kind: 'group'; key: string; content: ReactNode }
  | { kind: 'row'; key: string; item: T };

export interface DataGridProps<T> {
  label: string;
  columns: readonly GridColumn<T>[];
  lines: readonly GridLine<T>[];
  /** The name of a row, for typing ahead. */
  textOf: (item: T) => string;
  selected: ReadonlySet<string>;
  onSelect: (keys: ReadonlySet<string>) => void;
  /** Enter or a double click. */
  onOpen?: (key: string) => void;
  /** The last lines came into view. */
  onEnd?: () => void;
  /** Keys of the place that act on the selection; what it handles, the grid leaves alone. */
  onKey?: (event: KeyboardEvent) => boolean;
}

const GROUP = 34;
const ROW = 40;
const HEAD_ROWS = 1;
/** So long after a letter the next one belongs to the same word. */
const WORD = 700;

/**
 * The one long list of the window: virtual, `role=grid`, one tab stop, arrows or J and K, ranges by Shift, type-ahead.
 * Selection follows the focus, so that what stands beside the list is always what was moved to.
 */
export function DataGrid<T>(props: DataGridProps<T>) {
  'use no memo'; // TanStack Virtual answers from a mutable instance, which the compiler would take for constant.
  const { columns, lines, selected, onSelect } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const wantsFocus = useRef(false);
  const typed = useRef({ text: '', at: 0 });

  const keys = lines.flatMap((line) => (line.kind === 'row' ? [line.key] : []));
  const current = active !== null && keys.includes(active) ? active : (keys.find((key) => selected.has(key)) ?? keys[0] ?? null);
  const currentLine = lines.findIndex((line) => line.kind === 'row' && line.key === current);

  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (lines[index]?.kind === 'group' ? GROUP : ROW),
    getItemKey: (index) => lines[index]?.key ?? index,
    overscan: 8,
    // The focused row stays drawn while it is scrolled away, else the focus would fall to the page.
    rangeExtractor: (range) => {
      const indexes = defaultRangeExtractor(range);
      if (currentLine < 0 || indexes.includes(currentLine)) return indexes;
      return [...indexes, currentLine].sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();

  const sizes = lines.map((line) => line.kind).join('');
  useEffect(() => virtual.measure(), [virtual, sizes]);

  const lastShown = items.at(-1)?.index ?? -1;
  const { onEnd } = props;
  useEffect(() => {
    if (onEnd && lines.length > 0 && lastShown >= lines.length - 5) onEnd();
  }, [onEnd, lastShown, lines.length]);

  useLayoutEffect(() => {
    if (!wantsFocus.current || current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(current)}"]`);
    if (row) {
      wantsFocus.current = false;
      row.focus({ preventScroll: true });
    }
  });

  function goTo(key: string, how: { extend?: boolean; keep?: boolean } = {}) {
    setActive(key);
    wantsFocus.current = true;
    const line = lines.findIndex((one) => one.key === key);
    virtual.scrollToIndex(line, { align: 'auto' });
    if (how.extend) {
      anchor.current ??= current;
      onSelect(new Set(rangeBetween(keys, anchor.current ?? key, key)));
    } else if (!how.keep) {
      anchor.current = key;
      onSelect(new Set([key]));
    }
  }

  function toggle(key: string) {
    setActive(key);
    wantsFocus.current = true;
    anchor.current = key;
    const next = new Set(selected);
    if (!next.delete(key)) next.add(key);
    onSelect(next);
  }

  function typeAhead(event: KeyboardEvent): boolean {
    const now = event.timeStamp;
    const fresh = now - typed.current.at > WORD;
    typed.current = { text: (fresh ? '' : typed.current.text) + event.key.toLowerCase(), at: now };
    const texts = lines.flatMap((line) => (line.kind === 'row' ? [{ key: line.key, text: props.textOf(line.item) }] : []));
    const found = matchAhead(texts, typed.current.text, current);
    if (found === null) {
      if (fresh) typed.current = { text: '', at: now };
      return false;
    }
    goTo(found);
    return true;
  }

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const chord = event.ctrlKey || event.metaKey;
    const target = move(event.key, keys, current, page, chord);
    const letter = event.key.length === 1 && event.key !== ' ' && !chord && !event.altKey;
    const midWord = typed.current.text !== '' && event.timeStamp - typed.current.at < WORD;
    if (letter && midWord) {
      // In the middle of a name a letter is a letter, not the key of an act.
      if (typeAhead(event)) event.preventDefault();
    } else if (target !== null) {
      event.preventDefault();
      goTo(target, { extend: event.shiftKey, keep: chord && !event.shiftKey });
    } else if (props.onKey?.(event)) {
      event.preventDefault();
    } else if (chord && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      onSelect(new Set(keys));
    } else if (event.key === ' ' && current !== null) {
      event.preventDefault();
      toggle(current);
    } else if (event.key === 'Enter' && current !== null) {
      event.preventDefault();
      props.onOpen?.(current);
    } else if (event.key === 'Escape' && selected.size > 0) {
      event.preventDefault();
      onSelect(new Set());
    } else if (letter && event.key !== '?' && event.key !== '/') {
      if (typeAhead(event)) event.preventDefault();
    }
  }

  /** Who comes by Tab has moved to a row, and what is moved to is chosen; a choice that is there stays. */
  function onKeyUp(event: KeyboardEvent) {
    const row = (event.target as HTMLElement).dataset['key'];
    if (event.key === 'Tab' && selected.size === 0 && row !== undefined && row === current) goTo(row);
  }

  function onRowClick(key: string, event: { shiftKey: boolean; ctrlKey: boolean; metaKey: boolean }) {
    if (event.ctrlKey || event.metaKey) toggle(key);
    else goTo(key, { extend: event.shiftKey });
  }

  const tracks = {
    '--tracks': columns.map((column) => column.track).join(' '),
    '--narrow-tracks': columns.filter((column) => !column.optional).map((column) => column.track).join(' '),
  } as CSSProperties;

  return (
    <div
      role="grid"
      aria-label={props.label}
      aria-rowcount={lines.length + HEAD_ROWS}
      aria-colcount={columns.length}
      aria-multiselectable="true"
      tabIndex={-1}
      className={styles.grid}
      style={tracks}
      onKeyDown={onKeyDown}
      onKeyUp={onKeyUp}
    >
      <div role="rowgroup" className={styles.head}>
        <div role="row" aria-rowindex={1} className={cx(styles.line, styles.headRow)}>
          {columns.map((column, index) => (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 1}
              className={cx(column.align === 'end' && styles.end, column.optional && styles.optional)}
            >
              {column.header}
            </div>
          ))}
        </div>
      </div>
      <div role="presentation" ref={scroller} className={styles.scroller}>
        <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const line = lines[item.index];
            if (!line) return null;
            const place = { transform: `translateY(${item.start}px)` };
            const index = item.index + HEAD_ROWS + 1;
            if (line.kind === 'group')
              return (
                <div key={line.key} role="row" aria-rowindex={index} className={styles.group} style={place}>
                  <div role="gridcell" aria-colindex={1} aria-colspan={columns.length} className={styles.groupCell}>
                    {line.content}
                  </div>
                </div>
              );
            return (
              // eslint-disable-next-line jsx-a11y/click-events-have-key-events -- the grid itself hears the keys
              <div
                key={line.key}
                role="row"
                data-key={line.key}
                aria-rowindex={index}
                aria-selected={selected.has(line.key)}
                tabIndex={line.key === current ? 0 : -1}
                className={cx(styles.line, styles.row)}
                style={place}
                onClick={(event) => onRowClick(line.key, event)}
                onDoubleClick={() => props.onOpen?.(line.key)}
              >
                {columns.map((column, at) => (
                  <div
                    key={column.id}
                    role="gridcell"
                    aria-colindex={at + 1}
                    className={cx(styles.cell, column.align === 'end' && styles.end, (column.figures ?? column.align === 'end') && styles.figures, column.optional && styles.optional)}
                  >
                    {column.cell(line.item)}
                  </div>
                ))}
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
