// Dragging entries onto a folder or a connection. By pointer and not by the browser's own drag and drop, which a window
// that takes files of the operating system cannot have on every system.
import type { PointerEvent as ReactPointerEvent } from 'react';
import { HERE } from '@/domain/spots';
import type { PlaceView } from '@/ipc';
import { DROP_FOLDER, DROP_TARGET } from '@/parts/drag';
import { placeOfNode } from '@/parts/folder-tree';
import { Store, useStore } from '@/parts/store';

export interface EntryDrag {
  count: number;
  x: number;
  y: number;
  over: PlaceView | null;
}

const drag = new Store<EntryDrag | null>(null);

/** So far the pointer may tremble before it drags. */
const TREMBLE = 6;

export function useEntryDrag(): EntryDrag | null {
  return useStore(drag, (value) => value);
}

/** The folder under a point of the page; of a card, the top of its connection. */
export function folderAt(x: number, y: number): { place: PlaceView; element: Element } | null {
  const under = document.elementFromPoint(x, y);
  const node = under?.closest('[data-folder-tree] [role=row]') ?? null;
  const place = node === null ? null : placeOfNode(node.getAttribute('data-key') ?? '');
  if (node && place) return { place, element: node };
  const element = under?.closest(`[${DROP_TARGET}]`) ?? null;
  const at = element?.getAttribute(DROP_TARGET);
  if (!element || at === null || at === undefined) return null;
  return { place: { connection: at === HERE ? null : at, path: element.getAttribute(DROP_FOLDER) ?? '/' }, element };
}

let callOff: (() => void) | null = null;

/** Calls a drag off; answers whether there was one. */
export function cancelEntryDrag(): boolean {
  if (drag.get() === null) return false;
  callOff?.();
  return true;
}

/** Follows the pointer until it is let go or the drag is called off. */
export function startEntryDrag(pressed: ReactPointerEvent<HTMLElement>, count: number, drop: (to: PlaceView) => void): void {
  if (pressed.button !== 0 || pressed.shiftKey || pressed.ctrlKey || pressed.metaKey || pressed.pointerType === 'touch') return;
  const from = { x: pressed.clientX, y: pressed.clientY };
  let marked: Element | null = null;
  const mark = (element: Element | null) => {
    if (marked === element) return;
    marked?.removeAttribute('data-drop-over');
    element?.setAttribute('data-drop-over', '');
    marked = element;
  };
  const end = () => {
    callOff = null;
    mark(null);
    drag.set(null);
    window.removeEventListener('pointermove', moved);
    window.removeEventListener('pointerup', released);
    window.removeEventListener('pointercancel', end);
  };
  const moved = (event: PointerEvent) => {
    if (drag.get() === null && Math.hypot(event.clientX - from.x, event.clientY - from.y) < TREMBLE) return;
    const found = folderAt(event.clientX, event.clientY);
    mark(found?.element ?? null);
    drag.set({ count, x: event.clientX, y: event.clientY, over: found?.place ?? null });
  };
  const released = (event: PointerEvent) => {
    const dragging = drag.get() !== null;
    const found = dragging ? folderAt(event.clientX, event.clientY) : null;
    end();
    if (!dragging) return;
    // The click that follows would choose the row under the pointer.
    const swallow = (click: MouseEvent) => click.stopPropagation();
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true));
    if (found) drop(found.place);
  };
  window.addEventListener('pointermove', moved);
  window.addEventListener('pointerup', released);
  window.addEventListener('pointercancel', end);
  callOff = end;
}
