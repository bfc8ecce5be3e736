// The history by runs, acts on all that a filter finds, the order of the line, and named filters.
import { infiniteQueryOptions, keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import type { Act } from '@/domain/transfer';
import { BLOCK } from '@/domain/transfer-list';
import { desk, type BlockDraft, type PaceView, type SavedViewDraft, type SideView, type TransferFilterView } from '@/ipc';
import { keys } from './keys';

const RUNS = 100;

export const runPages = (pace: PaceView | null) =>
  infiniteQueryOptions({
    queryKey: keys.runPages(pace),
    queryFn: ({ pageParam }) => desk().runPage(pace, pageParam, RUNS),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const oneRun = (id: string) => queryOptions({ queryKey: keys.oneRun(id), queryFn: () => desk().run(id) });

/** The pieces of runs that are in view. Those of a moment ago stay until they are here. */
export const transferBlocks = (pace: PaceView | null, wanted: readonly BlockDraft[]) =>
  queryOptions({
    queryKey: keys.transferBlocks(pace, wanted),
    queryFn: async () => ({ pace, blocks: await desk().transferBlocks(pace, [...wanted], BLOCK) }),
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });

/** Where runs come from and go to, read from the first transfer of each. */
export const runEnds = (runs: readonly string[]) =>
  queryOptions({
    queryKey: keys.runEnds(runs),
    queryFn: async () => {
      const blocks = await desk().transferBlocks(null, runs.map((run) => ({ run, skipped: 0 })), 1);
      return blocks.map(({ run, rows }) => ({ run, connections: rows.flatMap((one) => [one.source.connection, one.destination.connection].filter((id) => id !== null)) }));
    },
  });

export const someTransfers = (ids: readonly string[]) =>
  queryOptions({ queryKey: keys.someTransfers(ids), queryFn: () => desk().someTransfers([...ids]), gcTime: 30_000 });

export const actOnAll = mutationOptions({
  mutationFn: ({ filter, act }: { filter: TransferFilterView; act: Act }) => desk().actOnAll(filter, act),
});

export const moveFirst = mutationOptions({ mutationFn: (ids: string[]) => desk().moveFirst(ids) });

export const moveBefore = mutationOptions({
  mutationFn: ({ ids, before }: { ids: string[]; before: string | null }) => desk().moveBefore(ids, before),
});

export const showFile = mutationOptions({
  mutationFn: ({ id, side }: { id: string; side: SideView }) => desk().showFile(id, side),
});

export const savedViews = queryOptions({ queryKey: keys.views, queryFn: () => desk().savedViews() });

export const saveView = mutationOptions({ mutationFn: (draft: SavedViewDraft) => desk().saveView(draft) });

export const orderViews = mutationOptions({ mutationFn: (ids: string[]) => desk().orderViews(ids) });

export const forgetView = mutationOptions({ mutationFn: (id: string) => desk().forgetView(id) });
