import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { type CSSProperties, type KeyboardEvent, type MouseEvent, type PointerEvent, useCallback, useEffect, useEffectEvent, useLayoutEffect, useMemo, useRef, useState } from 'react';
import spoken from './spoken.module.css';
import styles from './data-grid.module.css';
import { fitting, type GridColumn, type GridSort, type GridWidths, tracksOf } from './grid-column';
import { GridHead } from './grid-head';
import { blockMove, matchAhead, move, moveBefore, rangeBetween } from './grid-keys';
import { GROUP, type GridLine, heightOf, layOut, ROW } from './grid-lines';
import { GridGap, GridHeading, GridRow } from './grid-row';
import { useRowDrag } from './use-row-drag';
import { useWidth } from './use-width';

export type { GridColumn, GridSort, GridWidths } from './grid-column';
export type { GridLine } from './grid-lines';

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
  /** Which lines are in view, by their index; told when that changes. */
  onShown?: (first: number, last: number) => void;
  /** Keys of the place that act on the selection; what it handles, the grid leaves alone. */
  onKey?: (event: KeyboardEvent) => boolean;
  /** By what the lines are sorted; the caller sorts them. */
  sort?: GridSort;
  onSort?: (sort: GridSort) => void;
  /** What columns were made wider or narrower to; the caller keeps it. With `onWidths` every column can be. */
  widths?: GridWidths;
  onWidths?: (widths: GridWidths) => void;
  /** A menu is asked for, by pointer or key: the row is chosen by then. For `useContextMenu().openAt`. */
  onMenu?: (row: HTMLElement, point?: { x: number; y: number }) => void;
  /** A row that is to be seen and to have the focus as soon as it is among the lines; told by `onRevealed` when it has. */
  reveal?: string | null;
  onRevealed?: (key: string) => void;
  /** A row that is scrolled to, without the focus, whenever `key` or `turn` is another. */
  inView?: { key: string; turn: string };
  /** The pointer is pressed on a row: it may be dragged elsewhere. */
  onRowPointerDown?: (key: string, event: PointerEvent<HTMLElement>) => void;
  /** Marks of a row for whoever looks for it on the page: `data-…`. */
  marksOf?: (item: T) => Readonly<Record<`data-${string}`, string | undefined>>;
  /** Rows have an order that people make: by a handle, or by Alt with an arrow. */
  reorder?: {
    /** What the handle says on hover. */
    label: string;
    /** Which rows have a place that can be changed; without it all have. */
    can?: (key: string) => boolean;
    /** These rows, in the order of the list, now stand before that one; `null` is the end. */
    onMove: (keys: readonly string[], before: string | null) => void;
    /** Read aloud after a move by key. */
    told: (position: number, total: number) => string;
  };
}

const HEAD_ROWS = 1;
const NO_WIDTHS: GridWidths = {};
/** So long after a letter the next one belongs to the same word. */
const WORD = 700;

/**
 * The one long list of the window: virtual, `role=grid`, one tab stop, arrows or J and K, ranges by Shift, type-ahead.
 * Selection follows the focus, so that what stands beside the list is always what was moved to.
 */
export function DataGrid<T>(props: DataGridProps<T>) {
  'use no memo'; // TanStack Virtual answers from a mutable instance, which the compiler would take for constant.
  const { lines, selected, onSelect, reorder, widths = NO_WIDTHS } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const width = useWidth(scroller);
  // One and the same while nothing of it changes, so that rows that stay are not drawn anew.
  const columns = useMemo(() => fitting(props.columns, widths, width), [props.columns, widths, width]);
  const [active, setActive] = useState<string | null>(null);
  const anchor = useRef<string | null>(null);
  const wantsFocus = useRef(false);
  const typed = useRef({ text: '', at: 0 });
  const sticky = useRef(-1);

  const [told, setTold] = useState('');

  // Once for a list, not for each drawing of it: a list of a hundred thousand is drawn while it is scrolled.
  const { keys, rowKeys, groups, heights, indexes, at: lineAt } = useMemo(() => layOut(lines), [lines]);
  const current = active !== null && lineAt.has(active) ? active : (firstChosen(keys, selected) ?? keys[0] ?? null);
  const currentLine = lineAt.get(current ?? '') ?? -1;

  // One and the same as long as the lines are: by another one the virtualizer measures all of them anew.
  const keyAt = useCallback((index: number) => lines[index]?.key ?? index, [lines]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heightOf(lines[index] as GridLine<never> | undefined),
    getItemKey: keyAt,
    overscan: 8,
    // A row that is moved to does not come to lie below the heading that stays.
    scrollPaddingStart: groups.length > 0 ? GROUP : 0,
    // The heading of what is at the top stays. The focused row stays drawn while it is scrolled away, else the focus would fall to the page.
    rangeExtractor: (range) => {
      sticky.current = groups.findLast((at) => at <= range.startIndex) ?? -1;
      const drawn = new Set([...defaultRangeExtractor(range), sticky.current, currentLine]);
      return [...drawn].filter((at) => at >= 0).sort((a, b) => a - b);
    },
  });
  const items = virtual.getVirtualItems();

  useEffect(() => virtual.measure(), [virtual, heights]);

  const drag = useRowDrag(
    scroller,
    (y) => {
      const top = scroller.current?.getBoundingClientRect().top ?? 0;
      const offset = y - top + (scroller.current?.scrollTop ?? 0) + ROW / 2;
      const at = virtual.getVirtualItemForOffset(offset)?.index ?? lines.length;
      if (offset >= virtual.getTotalSize()) return null;
      return lines.slice(at).find((line) => line.kind === 'row')?.key ?? null;
    },
    (key, before) => moveRows(blockOf(key), before),
  );

  const { onEnd, onShown } = props;
  const range = virtual.range;
  const [firstInView, lastInView] = [range?.startIndex ?? 0, range?.endIndex ?? -1];
  useEffect(() => {
    if (onShown && lastInView >= 0) onShown(firstInView, lastInView);
  }, [onShown, firstInView, lastInView]);

  const lastShown = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && lines.length > 0 && lastShown >= lines.length - 5) onEnd();
  }, [onEnd, lastShown, lines.length]);

  const { reveal = null, onRevealed } = props;
  const revealLine = useMemo(() => (reveal === null ? -1 : (lineAt.get(reveal) ?? -1)), [lineAt, reveal]);
  useEffect(() => {
    if (reveal === null || revealLine < 0) return;
    setActive(reveal);
    anchor.current = reveal;
    wantsFocus.current = true;
    virtual.scrollToIndex(revealLine, { align: 'auto' });
    onRevealed?.(reveal);
  }, [virtual, reveal, revealLine, onRevealed]);

  const { key: viewKey, turn: viewTurn } = props.inView ?? { key: null, turn: '' };
  const onView = useEffectEvent(() => {
    const line = viewKey === null ? undefined : lineAt.get(viewKey);
    if (line !== undefined) virtual.scrollToIndex(line, { align: 'auto' });
  });
  useEffect(() => onView(), [viewKey, viewTurn]);

  useLayoutEffect(() => {
    if (!wantsFocus.current || current === null) return;
    const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(current)}"]`);
    if (row) {
      wantsFocus.current = false;
      row.focus({ preventScroll: true });
    }
  });

  function blockOf(key: string): string[] {
    const block = selected.has(key) ? rowKeys.filter((one) => selected.has(one)) : [key];
    return block.filter((one) => reorder?.can?.(one) ?? true);
  }

  function moveRows(moved: readonly string[], before: string | null) {
    if (moved.length === 0 || (before !== null && moved.includes(before))) return;
    wantsFocus.current = true;
    reorder?.onMove(moved, before);
    const place = moveBefore(rowKeys, moved, before).indexOf(moved[0] ?? '') + 1;
    if (reorder) setTold(reorder.told(place, rowKeys.length));
  }

  function goTo(key: string, how: { extend?: boolean; keep?: boolean } = {}) {
    setActive(key);
    wantsFocus.current = true;
    const line = lineAt.get(key);
    if (line !== undefined) virtual.scrollToIndex(line, { align: 'auto' });
    if (how.extend) {
      anchor.current ??= current;
      onSelect(new Set([...(how.keep ? selected : []), ...rangeBetween(keys, anchor.current ?? key, key)]));
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

  /** Left folds a heading and leads from a row to its own; Right opens it. */
  function foldByKey(event: KeyboardEvent): boolean {
    if ((event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return false;
    const line = lines[currentLine];
    if (line?.kind === 'group' && line.fold) {
      if (line.fold.open === (event.key === 'ArrowRight')) return false;
      wantsFocus.current = true;
      line.fold.onFold(!line.fold.open);
      return true;
    }
    const heading = lines[groups.findLast((at) => at < currentLine) ?? -1];
    if (event.key !== 'ArrowLeft' || heading?.kind !== 'group' || !heading.fold) return false;
    goTo(heading.key);
    return true;
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target instanceof HTMLElement && event.target.closest('[data-fold]') && (event.key === 'Enter' || event.key === ' ')) return;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key] as -1 | 1 | undefined;
    if (reorder && event.altKey && step !== undefined && current !== null) {
      event.preventDefault();
      const block = blockOf(current);
      const before = block.length > 0 ? blockMove(rowKeys, block, step) : undefined;
      if (before !== undefined) moveRows(block, before);
      return;
    }
    if (foldByKey(event)) {
      event.preventDefault();
      return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? ROW) / ROW) - 1);
    const chord = event.ctrlKey || event.metaKey;
    // With Alt an arrow is the place's own: back, forward, up.
    const target = event.altKey ? null : move(event.key, keys, current, page, chord);
    const letter = event.key.length === 1 && event.key !== ' ' && !chord && !event.altKey;
    const midWord = typed.current.text !== '' && event.timeStamp - typed.current.at < WORD;
    if (letter && midWord) {
      // In the middle of a name a letter is a letter, not the key of an act.
      if (typeAhead(event)) event.preventDefault();
    } else if (target !== null) {
      event.preventDefault();
      goTo(target, { extend: event.shiftKey, keep: chord });
    } else if (props.onKey?.(event)) {
      event.preventDefault();
    } else if (chord && event.key.toLowerCase() === 'a') {
      event.preventDefault();
      onSelect(new Set(rowKeys));
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

  function onClick(event: MouseEvent) {
    const key = keyOf(event);
    if (key === undefined) return;
    const chord = event.ctrlKey || event.metaKey;
    if (event.shiftKey) goTo(key, { extend: true, keep: chord });
    else if (chord) toggle(key);
    else goTo(key);
  }

  function onDoubleClick(event: MouseEvent) {
    const key = keyOf(event);
    const line = lines[lineAt.get(key ?? '') ?? -1];
    if (line?.kind === 'group') line.fold?.onFold(!line.fold.open);
    else if (key !== undefined) props.onOpen?.(key);
  }

  function onContextMenu(event: MouseEvent) {
    const row = rowOf(event);
    const key = row?.dataset['key'];
    if (!props.onMenu || !row || key === undefined) return;
    event.preventDefault();
    if (!selected.has(key)) goTo(key);
    const byPointer = event.button === 2 || event.ctrlKey;
    props.onMenu(row, byPointer ? { x: event.clientX, y: event.clientY } : undefined);
  }

  function onPointerDown(event: PointerEvent<HTMLElement>) {
    const key = keyOf(event);
    if (key === undefined) return;
    const handle = (event.target as Element).closest('[data-handle]');
    if (handle) drag.begin(key, handle, event);
    else if (lines[lineAt.get(key) ?? -1]?.kind === 'row') props.onRowPointerDown?.(key, event);
  }

  const tracks = {
    '--tracks': tracksOf(columns, widths, reorder !== undefined),
    '--narrow-tracks': tracksOf(columns.filter((column) => !column.optional), widths, reorder !== undefined),
  } as CSSProperties;

  return (
    <>
      <div
        role="grid"
        aria-label={props.label}
        aria-rowcount={(indexes.at(-1) ?? 0) + HEAD_ROWS}
        aria-colcount={columns.length}
        aria-multiselectable="true"
        tabIndex={-1}
        className={styles.grid}
        style={tracks}
        onKeyDown={onKeyDown}
        onKeyUp={onKeyUp}
        onClick={onClick}
        onDoubleClick={onDoubleClick}
        onContextMenu={onContextMenu}
        onPointerDown={onPointerDown}
        onPointerMove={drag.move}
        onPointerUp={drag.end}
        onPointerCancel={drag.cancel}
      >
        <div role="rowgroup" className={styles.head}>
          <GridHead columns={columns} sort={props.sort} onSort={props.onSort} widths={widths} onWidths={props.onWidths} handle={reorder !== undefined} />
        </div>
        <div role="presentation" ref={scroller} className={styles.scroller}>
          <div role="rowgroup" className={styles.body} style={{ height: virtual.getTotalSize() }}>
            {items.map((item) => {
              const line = lines[item.index];
              if (!line) return null;
              if (line.kind === 'gap') return <GridGap key={line.key} start={item.start} rows={line.rows} />;
              const shown = {
                name: line.key,
                start: item.index === sticky.current ? null : item.start,
                index: (indexes[item.index] ?? 0) + HEAD_ROWS + 1,
                selected: selected.has(line.key),
                current: line.key === current,
              };
              if (line.kind === 'group') return <GridHeading key={line.key} {...shown} content={line.content} fold={line.fold} span={columns.length} />;
              const moved = drag.dragged;
              return (
                <GridRow
                  key={line.key}
                  {...shown}
                  item={line.item}
                  columns={columns}
                  marksOf={props.marksOf}
                  handle={reorder?.label}
                  movable={reorder ? (reorder.can?.(line.key) ?? true) : false}
                  dragged={moved?.key === line.key}
                  drop={moved?.before === line.key && moved.key !== line.key}
                />
              );
            })}
          </div>
        </div>
      </div>
      {reorder ? (
        <div role="status" className={spoken.spoken}>
          {told}
        </div>
      ) : null}
    </>
  );
}

/** The line that something was done to. */
const rowOf = (event: { target: EventTarget }) => (event.target as Element).closest<HTMLElement>('[data-key]');
const keyOf = (event: { target: EventTarget }) => rowOf(event)?.dataset['key'];

/** The first of the chosen lines, in the order of the list. */
function firstChosen(keys: readonly string[], selected: ReadonlySet<string>): string | undefined {
  return selected.size === 0 ? undefined : keys.find((key) => selected.has(key));
}
