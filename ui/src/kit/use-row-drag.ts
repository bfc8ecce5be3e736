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
  return {
    dragged,
    /** The pointer is pressed on the handle of a row. */
    begin(key: string, handle: Element, event: PointerEvent) {
      if (event.button !== 0) return;
      handle.setPointerCapture?.(event.pointerId);
      setDragged({ key, before: key });
    },
    move(event: PointerEvent) {
      if (!dragged) return;
      const box = scroller.current?.getBoundingClientRect();
      if (box && event.clientY < box.top + EDGE) scroller.current?.scrollBy?.(0, -EDGE);
      if (box && event.clientY > box.bottom - EDGE) scroller.current?.scrollBy?.(0, EDGE);
      const before = beforeAt(event.clientY);
      if (before !== dragged.before) setDragged({ key: dragged.key, before });
    },
    end() {
      if (!dragged) return;
      if (dragged.before !== dragged.key) onDrop(dragged.key, dragged.before);
      setDragged(null);
    },
    cancel() {
      if (dragged) setDragged(null);
    },
  };
}
