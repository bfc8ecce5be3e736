import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type EntryView, type FilledFormDraft, type PairView, type PlaceView, type RetentionModeView, type StampView, type UnfinishedView, type VersionView } from '@/ipc';
import { keys } from './keys';

export const entryDetails = (place: PlaceView) =>
  queryOptions({ queryKey: keys.entryDetails(place), queryFn: () => desk().entryDetails(place, null), retry: false });

export const stampOf = ({ size, modified, version }: Pick<EntryView, 'size' | 'modified' | 'version'>): StampView => ({ size, modified, version });

/** One look at a file. It is over when nobody draws it any more, and its bytes are let go. */
export const preview = (place: PlaceView, seen: StampView) =>
  queryOptions({
    queryKey: ['preview', place, seen],
    queryFn: ({ signal }) => {
      const ticket = crypto.randomUUID();
      const close = () => void desk().closePreview(ticket).catch(() => {});
      signal.addEventListener('abort', close);
      return desk().preview(place, seen, ticket).then((found) => ({ ...found, close }));
    },
    gcTime: 0,
    staleTime: Infinity,
    retry: false,
  });

export const previewAddress = (token: string): string => desk().previewAddress(token);
export const previewBytes = (token: string): Promise<Uint8Array> => desk().previewBytes(token);

export const entryVersions = (place: PlaceView) =>
  queryOptions({ queryKey: keys.entryVersions(place), queryFn: () => desk().entryVersions(place), retry: false });

export const restoreVersion = mutationOptions({ mutationFn: ({ place, id }: { place: PlaceView; id: string }) => desk().restoreVersion(place, id) });
export const takeBackVersion = mutationOptions({ mutationFn: ({ place, made }: { place: PlaceView; made: string }) => desk().takeBackVersion(place, made) });
export const deleteVersion = mutationOptions({ mutationFn: ({ place, id }: { place: PlaceView; id: string }) => desk().deleteVersion(place, id) });
export const downloadVersion = mutationOptions({
  mutationFn: ({ place, version, folder, title }: { place: PlaceView; version: VersionView; folder: string; title: string }) =>
    desk().downloadVersion(place, version, { connection: null, path: folder }, title),
});
export const saveTags = mutationOptions({
  mutationFn: ({ place, seen, wanted }: { place: PlaceView; seen: PairView[]; wanted: PairView[] }) => desk().saveTags(place, seen, wanted),
});
export const setRetention = mutationOptions({
  mutationFn: ({ place, mode, until }: { place: PlaceView; mode: RetentionModeView; until: number }) => desk().setRetention(place, mode, until),
});
export const setLegalHold = mutationOptions({ mutationFn: ({ place, on }: { place: PlaceView; on: boolean }) => desk().setLegalHold(place, on) });

export const forms = (connection: string, enabled = true) =>
  queryOptions({ queryKey: keys.forms(connection), queryFn: () => desk().forms(connection), enabled, retry: false });
/** What a folder asks of the files that are put into it, as it is now: somebody may have changed it since. */
export const formsExpected = (folder: PlaceView, enabled = true) =>
  queryOptions({ queryKey: keys.formsExpected(folder), queryFn: () => desk().formsExpected(folder), enabled, retry: false, staleTime: 0, gcTime: 60_000 });
export const entryForms = (place: PlaceView) =>
  queryOptions({ queryKey: keys.entryForms(place), queryFn: () => desk().entryForms(place), retry: false });
export const fillForm = mutationOptions({ mutationFn: ({ place, form }: { place: PlaceView; form: FilledFormDraft }) => desk().fillForm(place, form) });
export const takeOffForm = mutationOptions({ mutationFn: ({ place, form }: { place: PlaceView; form: string }) => desk().takeOffForm(place, form) });

/** A link is handed to whoever asked and kept nowhere. */
export const makeLink = mutationOptions({
  mutationFn: ({ place, seconds }: { place: PlaceView; seconds: number }) => desk().makeLink(place, seconds),
  gcTime: 0,
});

export const unfinishedUploads = (folder: PlaceView) =>
  queryOptions({ queryKey: ['unfinished', folder], queryFn: () => desk().unfinishedUploads(folder), gcTime: 0, retry: false });
/** Ends one upload; refused where the queue goes on with it. */
export const abortUpload = (folder: PlaceView, upload: UnfinishedView) => desk().abortUpload(folder, upload);
