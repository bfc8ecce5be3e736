// How many entries are shown, in words.
import { formatBytes, formatNumber } from '@/domain/measure';
import type { EntryView } from '@/ipc';
import { locale, m } from '@/messages';
import type { RemoteSearch } from './search';

export const number = (value: number): string => formatNumber(value, locale());

/** Of a folder. */
export function stateOf({ shown, all, filtered, chosen, loading, before }: { shown: number; all: number; filtered: boolean; chosen: readonly EntryView[]; loading: boolean; before: boolean }): string {
  const parts = [
    filtered ? m.browse_count_found({ n: number(shown), all: number(all) }) : loading && !before ? (all === 0 ? m.browse_loading_label() : m.browse_loading({ n: number(all) })) : m.browse_count({ count: all, n: number(all) }),
    filtered && loading ? m.browse_still() : '',
    loading && before ? m.browse_again() : '',
    ...chosenWords(chosen),
  ];
  return parts.filter(Boolean).join(' · ');
}

function chosenWords(chosen: readonly EntryView[]): string[] {
  return [
    chosen.length > 0 ? m.browse_chosen({ count: chosen.length, n: number(chosen.length) }) : '',
    chosen.length > 1 && chosen.every((entry) => entry.kind === 'file') ? formatBytes(chosen.reduce((sum, entry) => sum + (entry.size ?? 0), 0), locale()) : '',
  ];
}

/** Of what was found. */
export function stateOfSearch({ rows, loading, more, error }: RemoteSearch, chosen: readonly EntryView[], place: string, sorted: boolean): string {
  const none = rows.length === 0;
  const state = none && loading ? m.search_asking({ place }) : none && error ? m.search_failed() : m.search_count({ count: rows.length, n: number(rows.length) });
  return [state, none ? '' : loading ? m.search_more_coming() : more ? (sorted ? m.search_more_sorted() : m.search_more()) : '', ...chosenWords(chosen)].filter(Boolean).join(' · ');
}
