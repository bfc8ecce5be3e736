// Files of the operating system that are held over the window.
import { Store, useStore } from './store';

export interface Drag {
  /** The connection whose card lies under the pointer. */
  connection: string | null;
  files: number;
  /** The folder there, where one lies under the pointer. */
  folder?: string | null;
}

export const drag = new Store<Drag | null>(null);

/** How many files are held over this card; `null` while none are. */
export function useDragOver(connection: string): number | null {
  return useStore(drag, (value) => (value?.connection === connection ? value.files : null));
}

export function useDrag(): Drag | null {
  return useStore(drag, (value) => value);
}

/** The attribute that makes an element a target: its value is the id of the connection. */
export const DROP_TARGET = 'data-drop-connection';

/** The connection under a point of the page. */
export function connectionAt(x: number, y: number): string | null {
  const card = document.elementFromPoint(x, y)?.closest(`[${DROP_TARGET}]`);
  return card?.getAttribute(DROP_TARGET) ?? null;
}

/** The folder under a point of the page, where what lies there names one. */
export function folderUnder(x: number, y: number): string | null {
  return document.elementFromPoint(x, y)?.closest(`[${DROP_TARGET}]`)?.getAttribute(DROP_FOLDER) ?? null;
}

/** Beside it: the path of the folder there that things are dropped into; the last one used where it is missing. */
export const DROP_FOLDER = 'data-drop-folder';

const OVER = 'data-drop-over';

/** Marks the folder under a point, and takes the mark from the one before; `null` where nothing is held any more. */
export function markUnder(x: number | null, y = 0): void {
  const under = x === null ? null : (document.elementFromPoint(x, y)?.closest(`[${DROP_TARGET}][${DROP_FOLDER}]`) ?? null);
  for (const marked of document.querySelectorAll(`[${OVER}]`)) if (marked !== under) marked.removeAttribute(OVER);
  under?.setAttribute(OVER, '');
}
