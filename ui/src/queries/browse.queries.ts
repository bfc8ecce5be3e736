import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { type CopyDraftView, desk, type PlaceView, type SearchDraftView } from '@/ipc';
import { keys } from './keys';

/** What one may do on a connection; `null` is this computer. Changed settings may change it. */
export const abilities = (connection: string | null) =>
  queryOptions({ queryKey: keys.abilities(connection), queryFn: () => desk().browseAbilities(connection) });

export const homeFolder = queryOptions({ queryKey: keys.homeFolder, queryFn: () => desk().browseHome() });

export const makeFolder = mutationOptions({ mutationFn: (place: PlaceView) => desk().browseMakeFolder(place) });

export const renameEntry = mutationOptions({
  mutationFn: ({ place, name }: { place: PlaceView; name: string }) => desk().browseRename(place, name),
});

/** A run of the queue that brings entries to another folder. */
export const copyEntries = mutationOptions({ mutationFn: (draft: CopyDraftView) => desk().browseCopy(draft) });

/** What a remote finds, piece by piece in its own order. */
export const searchRemote = (query: SearchDraftView | null) =>
  infiniteQueryOptions({
    queryKey: query === null ? ['search'] : keys.search(query),
    queryFn: ({ pageParam }) => (query === null ? Promise.resolve({ entries: [], next: null }) : desk().browseSearch(query, pageParam)),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    enabled: query !== null,
    // What was found before is shown at once, and asked for again.
    staleTime: 0,
    retry: false,
  });

/** What lies at a path that somebody typed. */
export const lookAt = mutationOptions({ mutationFn: (place: PlaceView) => desk().browseLook(place) });
