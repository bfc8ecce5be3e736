import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type ImportPickView, type ImportSourceView } from '@/ipc';
import { keys } from './keys';

/** Looked for anew each time: files come and go. */
export const importOffers = queryOptions({ queryKey: keys.importOffers, queryFn: () => desk().importOffers(), gcTime: 0 });

/** What would be added. Without a file the usual ones are looked into. */
export const importLook = (source: ImportSourceView, file: string | null) =>
  queryOptions({ queryKey: keys.importLook(source, file), queryFn: () => desk().lookAtImport(source, file), gcTime: 0 });

export const addImported = mutationOptions({
  mutationFn: (wanted: { source: ImportSourceView; file: string | null; digest: string; picks: ImportPickView[] }) =>
    desk().addImported(wanted.source, wanted.file, wanted.digest, wanted.picks),
});
