import { type PointerEvent, useState } from 'react';

/** How near to the edge the pointer makes the list scroll. */
const EDGE = 28;

/**
 * Dragging a row by its handle: which row it would stand before is known while the pointer moves, and told when it is
 * let go. `beforeAt` finds that row for a height on the page.
 */
export function useRowDrag(
  scroller: { readonly current: HTMLElement | null },
  beforeAt: (y: number) => string | null,
  onDrop: (key: string, before: string | null) => void,
) {
  const [dragged, setDragged] = useState<{ key: string; before: string | null } | null>(null);
  const handlers = (key: string) => ({
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture?.(event.pointerId);
      setDragged({ key, before: key });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (dragged?.key !== key) return;
      const box = scroller.current?.getBoundingClientRect();
      if (box && event.clientY < box.top + EDGE) scroller.current?.scrollBy?.(0, -EDGE);
      if (box && event.clientY > box.bottom - EDGE) scroller.current?.scrollBy?.(0, EDGE);
      const before = beforeAt(event.clientY);
      if (before !== dragged.before) setDragged({ key, before });
    },
    onPointerUp: () => {
      if (dragged?.key === key && dragged.before !== key) onDrop(key, dragged.before);
      setDragged(null);
    },
    onPointerCancel: () => setDragged(null),
  });
  return { dragged, handlers };
}
