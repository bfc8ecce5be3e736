// What somebody did with the results of a search, so that going back to them finds them as they were. Gone with the window.
import type { EntrySort } from '@/domain/entries';
import type { Sought } from '@/domain/spots';

export interface KeptResults {
  chosen: ReadonlySet<string>;
  /** `null` is the remote's own order. */
  sort: EntrySort | null;
}

const FRESH: KeptResults = { chosen: new Set(), sort: null };
/** So many searches are remembered; the oldest give way. */
const MOST = 50;

const kept = new Map<string, KeptResults>();

const keyOf = (tab: string, at: string, sought: Sought) => JSON.stringify([tab, at, sought]);

export function keptResults(tab: string, at: string, sought: Sought | null): KeptResults {
  return (sought && kept.get(keyOf(tab, at, sought))) ?? FRESH;
}

export function keepResults(tab: string, at: string, sought: Sought, results: KeptResults): void {
  const key = keyOf(tab, at, sought);
  kept.delete(key);
  kept.set(key, results);
  const [oldest] = kept.keys();
  if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
}
