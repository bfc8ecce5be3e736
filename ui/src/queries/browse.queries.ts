import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { type CopyDraftView, desk, type PlaceView } from '@/ipc';
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

/** What lies at a path that somebody typed. */
export const lookAt = mutationOptions({ mutationFn: (place: PlaceView) => desk().browseLook(place) });
