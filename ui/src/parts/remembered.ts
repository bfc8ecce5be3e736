// Small choices that a person made and expects to find again. Kept by the window, not by the desk.

const FOLDERS = 'waybill.drop-folders';

function read(): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(FOLDERS) ?? '{}');
    if (typeof parsed !== 'object' || parsed === null) return {};
    return Object.fromEntries(Object.entries(parsed).filter((pair): pair is [string, string] => typeof pair[1] === 'string'));
  } catch {
    return {};
  }
}

/** The folder of a connection that files were last sent into; its top where there is none. */
export function dropFolder(connection: string): string {
  return read()[connection] ?? '/';
}

export function rememberDropFolder(connection: string, folder: string): void {
  try {
    localStorage.setItem(FOLDERS, JSON.stringify({ ...read(), [connection]: folder }));
  } catch {
    // A full or forbidden storage costs a remembered choice and nothing else.
  }
}

const CHOSEN = 'waybill.palette-chosen';
const CHOSEN_KEPT = 20;

/** What the palette was last used for, the last first. */
export function recentlyChosen(): readonly string[] {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(CHOSEN) ?? '[]');
    return Array.isArray(parsed) ? parsed.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberChosen(id: string): void {
  try {
    localStorage.setItem(CHOSEN, JSON.stringify([id, ...recentlyChosen().filter((one) => one !== id)].slice(0, CHOSEN_KEPT)));
  } catch {
    // As above: nothing but the order of the palette is lost.
  }
}

const SORTINGS = 'waybill.sorting:';

/** How the list of a place was last sorted, if that is one of the ways it has. */
export function sorting<By extends string>(place: string, ways: readonly By[]): By | null {
  try {
    const kept = localStorage.getItem(SORTINGS + place);
    return ways.find((way) => way === kept) ?? null;
  } catch {
    return null;
  }
}

export function rememberSorting(place: string, by: string): void {
  try {
    localStorage.setItem(SORTINGS + place, by);
  } catch {
    // As above: the list is sorted by name the next time.
  }
}
