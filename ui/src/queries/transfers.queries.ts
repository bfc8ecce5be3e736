import { infiniteQueryOptions, keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import { EVERYTHING } from '@/domain/transfer-filter';
import type { Act } from '@/domain/transfer';
import { desk, type SendDraftView, type TransferFilterView } from '@/ipc';
import { keys } from './keys';

const PAGE = 200;

export const transferPages = (filter: TransferFilterView) =>
  infiniteQueryOptions({
    queryKey: keys.transferPages(filter),
    queryFn: ({ pageParam }) => desk().transfersPage(filter, pageParam, PAGE),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });

export const transferCounts = queryOptions({
  queryKey: keys.transferCounts,
  queryFn: () => desk().transferCounts(new Date().setHours(0, 0, 0, 0)),
});

export const transferDetails = (id: string) =>
  queryOptions({ queryKey: keys.transferDetails(id), queryFn: () => desk().transferDetails(id) });

export const runs = queryOptions({ queryKey: keys.runs, queryFn: () => desk().runs() });

/** One act on some transfers. The list hears of it by `topics_changed`. */
export const actOnTransfers = mutationOptions({
  mutationFn: ({ act, ids }: { act: Act; ids: string[] }) => {
    switch (act) {
      case 'pause':
        return desk().pauseTransfers(ids);
      case 'resume':
        return desk().resumeTransfers(ids);
      case 'cancel':
        return desk().cancelTransfers(ids);
      case 'retry':
        return desk().retryTransfers(ids);
    }
  },
});

/** Calls whole runs off, with what nobody has looked through yet. */
export const cancelRuns = mutationOptions({ mutationFn: (ids: string[]) => desk().cancelRuns(ids) });

export const pauseAll = mutationOptions({
  mutationFn: (paused: boolean) => (paused ? desk().pauseAll() : desk().resumeAll()),
});

export const sendFiles = mutationOptions({ mutationFn: (draft: SendDraftView) => desk().send(draft) });

/** Sends with what was pasted and lies in no file yet: it becomes one now. */
export const sendWithLoose = mutationOptions({
  mutationFn: async ({ draft, loose }: { draft: SendDraftView; loose: readonly string[] }) => {
    const kept = await Promise.all(loose.map((id) => desk().keepPasted(id)));
    return desk().send({ ...draft, sources: [...draft.sources, ...kept] });
  },
});

/** So many show in the palette. */
const FOUND = 12;

/** Transfers of the whole history that fit a text, for the palette. What is asked for anew makes the older asking stale. */
export const foundTransfers = (text: string) =>
  queryOptions({
    queryKey: keys.foundTransfers(text),
    queryFn: async () => (await desk().transfersPage({ ...EVERYTHING, text }, null, FOUND)).rows,
    gcTime: 30_000,
  });
