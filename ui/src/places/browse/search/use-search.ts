// The search of a remote: what is typed for it, and what it found. What was asked for stands in the tab, so that going back leads there again.
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { type Row, rowOf } from '@/domain/entries';
import type { BrowseTab, Sought } from '@/domain/spots';
import { type AbilitiesView, type FilterView, type IpcError, toIpcError } from '@/ipc';
import { searchRemote } from '@/queries';
import { tabs } from '../tabs-state';

const NOTHING: Sought = { text: '', within: null, filters: [] };

export interface RemoteSearch {
  /** What can be filtered by; `null` where the remote cannot be searched. */
  filters: readonly FilterView[] | null;
  /** What is shown now; `null` while the folder is. */
  sought: Sought | null;
  /** What is being typed. */
  draft: Sought;
  type: (change: Partial<Sought>) => void;
  begin: (change?: Partial<Sought>) => void;
  leave: () => void;
  rows: readonly Row[];
  loading: boolean;
  /** The remote has more than is here. */
  more: boolean;
  error: IpcError | null;
  onEnd: () => void;
  again: () => void;
}

export function useSearch(tab: BrowseTab, connection: string | null, path: string, abilities: AbilitiesView | undefined): RemoteSearch {
  const sought = tab.here.sought ?? null;
  const [draft, setDraft] = useState<Sought>(sought ?? NOTHING);
  const [seen, setSeen] = useState(sought);
  if (seen !== sought) {
    setSeen(sought);
    setDraft(sought ?? NOTHING);
  }
  const query = sought === null || connection === null ? null : { connection, text: sought.text, within: sought.within, filters: sought.filters.map((one) => ({ ...one })) };
  const asked = useInfiniteQuery(searchRemote(query));
  const pages = query === null ? undefined : asked.data?.pages;
  const rows = useMemo(() => (pages ?? []).flatMap((page) => page.entries).map(rowOf), [pages]);
  return {
    filters: connection === null ? null : (abilities?.search ?? null),
    sought,
    draft,
    type: (change) => setDraft({ ...draft, ...change }),
    begin: (change = {}) => {
      const next = { ...draft, ...change };
      const filters = next.filters.map(({ key, value }) => ({ key, value: value.trim() })).filter(({ value }) => value !== '');
      const text = next.text.trim();
      if (text === '' && filters.length === 0) return;
      const wanted: Sought = { text, within: next.within, filters };
      if (JSON.stringify(wanted) === JSON.stringify(sought)) void asked.refetch();
      else tabs.go({ at: tab.here.at, path, sought: wanted });
    },
    leave: () => tabs.go({ at: tab.here.at, path }),
    rows,
    loading: query !== null && asked.isFetching,
    more: asked.hasNextPage,
    error: query !== null && asked.error ? toIpcError(asked.error) : null,
    // After a refusal only a person asks again.
    onEnd: () => {
      if (asked.hasNextPage && !asked.isFetching && !asked.isError) void asked.fetchNextPage();
    },
    again: () => void (asked.isFetchNextPageError ? asked.fetchNextPage() : asked.refetch()),
  };
}
