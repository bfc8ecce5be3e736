// Small choices that a person made and expects to find again. Kept by the window, not by the desk.

import type { ConflictRuleView, RequiredProofView } from '@/ipc';

const FOLDERS = 'waybill.drop-folders';
const CHOICES = 'waybill.send-choices';

function read(key: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(localStorage.getItem(key) ?? '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}

function keep(key: string, name: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify({ ...read(key), [name]: value }));
  } catch {
    // A full or forbidden storage costs a remembered choice and nothing else.
  }
}

/** The folder of a connection that files were last sent into; its top where there is none. */
export function dropFolder(connection: string): string {
  const folder = read(FOLDERS)[connection];
  return typeof folder === 'string' ? folder : '/';
}

export function rememberDropFolder(connection: string, folder: string): void {
  keep(FOLDERS, connection, folder);
}

/** The connection is gone, and its folder with it. */
export function forgetDropFolder(connection: string): void {
  const { [connection]: _gone, ...others } = read(FOLDERS);
  try {
    localStorage.setItem(FOLDERS, JSON.stringify(others));
  } catch {
    // As above: a line that nobody reads any more stays.
  }
}

/** What is sent: each kind goes its own way, and so has its own last choice. */
export type SendKind = 'files' | 'folders' | 'pasted';

export interface SendChoice {
  connection: string;
  conflict: ConflictRuleView;
  proof: RequiredProofView;
}

const RULES: readonly unknown[] = ['ask', 'overwrite', 'skip', 'keep-both', 'newer'] satisfies ConflictRuleView[];
const PROOFS: readonly unknown[] = ['matched', 'accepted'] satisfies RequiredProofView[];

/** How things of this kind were last sent; what was kept by an older version and is no choice any more does not count. */
export function lastChoice(kind: SendKind): SendChoice | null {
  const kept = read(CHOICES)[kind];
  if (typeof kept !== 'object' || kept === null) return null;
  const { connection, conflict, proof } = kept as Partial<Record<keyof SendChoice, unknown>>;
  if (typeof connection !== 'string' || !RULES.includes(conflict) || !PROOFS.includes(proof)) return null;
  return { connection, conflict: conflict as ConflictRuleView, proof: proof as RequiredProofView };
}

export function rememberChoice(kind: SendKind, choice: SendChoice): void {
  keep(CHOICES, kind, choice);
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
