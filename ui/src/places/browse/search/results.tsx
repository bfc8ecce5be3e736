import type { ReactNode } from 'react';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { EmptyState } from '@/kit/empty-state';
import { Skeleton } from '@/kit/skeleton';
import { m } from '@/messages';
import { FolderFailure } from '../folder-failure';
import type { RemoteSearch } from './use-search';

/** What a search found, in every state; `children` is the list. */
export function Results({ search, name, connection, children }: { search: RemoteSearch; name: string; connection: string | null; children: ReactNode }) {
  const { rows, loading, error, sought } = search;
  if (sought === null) return null;
  const none = rows.length === 0;
  return (
    <>
      {error && !loading ? <FolderFailure error={error} name={name} connection={connection} path={sought.within ?? name} onRetry={search.again} /> : null}
      {none && loading ? <Skeleton label={m.search_asking({ place: name })} lines={8} shape="rows" /> : null}
      {none && !loading && !error ? (
        <EmptyState
          title={m.search_none_title()}
          actions={
            <>
              {sought.filters.length > 0 ? <Button onPress={() => search.begin({ filters: [] })}>{m.search_unfiltered()}</Button> : null}
              {sought.within === null ? null : <Button onPress={() => search.begin({ within: null })}>{m.search_all()}</Button>}
              <Button onPress={search.leave}>{m.search_leave()}</Button>
            </>
          }
        >
          {sought.text === '' ? m.search_none_filters({ place: name }) : m.search_none_body({ place: name, text: shownName(sought.text) })}
        </EmptyState>
      ) : null}
      {none ? null : children}
    </>
  );
}
