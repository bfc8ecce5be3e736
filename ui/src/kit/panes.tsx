import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef, useState } from 'react';
import styles from './panes.module.css';

export interface SizeMemory {
  read: () => number | null;
  write: (size: number) => void;
}

export interface DividerProps {
  label: string;
  /** The size of the pane that it belongs to, in pixels. */
  size: number;
  min: number;
  max: number;
  /** Which pane has the size: the one before the divider or the one behind it. */
  sized: 'before' | 'after';
  direction?: 'row' | 'column';
  onSize: (size: number) => void;
  /** The moving is over: the moment to remember it. */
  onSettle?: (size: number) => void;
}

const STEP = 16;
const LEAP = 64;

function clamp(size: number, min: number, max: number): number {
  return Math.round(Math.min(Math.max(min, max), Math.max(min, size)));
}

/**
 * The line between two panes: dragged, moved by arrows (Shift for more), taken to an end by Home and End. A window
 * splitter as WAI-ARIA describes it; react-aria has none.
 */
export function Divider({ label, size, min, max, sized, direction = 'row', onSize, onSettle }: DividerProps) {
  const held = useRef<{ at: number; size: number } | null>(null);
  const grows = sized === 'before' ? 1 : -1;
  const along = (event: PointerEvent) => (direction === 'row' ? event.clientX : event.clientY);

  function moved(event: PointerEvent): number {
    const from = held.current;
    return from === null ? size : clamp(from.size + (along(event) - from.at) * grows, min, max);
  }
  function settle(next: number) {
    onSize(next);
    onSettle?.(next);
  }
  function onKeyDown(event: KeyboardEvent) {
    const [less, more] = direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const step = (event.shiftKey ? LEAP : STEP) * grows;
    const to: Record<string, number> = { [less as string]: size - step, [more as string]: size + step, Home: min, End: max };
    const next = to[event.key];
    if (next === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    settle(clamp(next, min, max));
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- a separator with a value is a widget
    <div
      role="separator"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      aria-label={label}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={size}
      aria-valuemin={min}
      aria-valuemax={max}
      className={styles.divider}
      data-direction={direction}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        held.current = { at: along(event), size };
        event.currentTarget.setPointerCapture?.(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (held.current) onSize(moved(event));
      }}
      onPointerUp={(event) => {
        if (held.current) settle(moved(event));
        held.current = null;
      }}
      onPointerCancel={() => {
        held.current = null;
      }}
    />
  );
}

/** A size that is remembered where the caller says; without a memory it lasts as long as the pane. */
export function useSize(initial: number, min: number, max: number, memory?: SizeMemory) {
  const [size, setSize] = useState(() => {
    const kept = memory?.read() ?? null;
    return clamp(kept !== null && Number.isFinite(kept) ? kept : initial, min, max);
  });
  return { size, setSize, settle: (next: number) => memory?.write(next) };
}

/** Two panes and the divider between them. The first or the second has a size; the other takes what is left. */
export function Panes({
  first,
  second,
  dividerLabel,
  sized = 'before',
  direction = 'row',
  initial = 280,
  min = 160,
  max = 640,
  memory,
}: {
  first: ReactNode;
  second: ReactNode;
  dividerLabel: string;
  sized?: 'before' | 'after';
  direction?: 'row' | 'column';
  initial?: number;
  min?: number;
  max?: number;
  memory?: SizeMemory;
}) {
  const { size, setSize, settle } = useSize(initial, min, max, memory);
  const fixed = { flex: 'none', [direction === 'row' ? 'width' : 'height']: size };
  return (
    <div className={styles.panes} data-direction={direction}>
      <div className={styles.pane} style={sized === 'before' ? fixed : undefined}>
        {first}
      </div>
      <Divider label={dividerLabel} size={size} min={min} max={max} sized={sized} direction={direction} onSize={setSize} onSettle={settle} />
      <div className={styles.pane} style={sized === 'after' ? fixed : undefined}>
        {second}
      </div>
    </div>
  );
}
