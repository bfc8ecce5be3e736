// The rows of the list. Without a search they come run by run, in blocks around what is in view; a search looks through
// the history, newest first, a piece at a time until enough was found.
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { type Blocks, blocksAround, firstBlocks, headingKey, layOutRuns, type ListPart, withBlocks } from '@/domain/transfer-list';
import { groupByRun } from '@/domain/transfer';
import { isSearch } from '@/domain/transfer-filter';
import type { BlockDraft, PaceView, RunView, TransferFilterView, TransferView } from '@/ipc';
import { oneRun, runPages, transferBlocks, transferPages } from '@/queries';

/** So many rows fill the first screen. */
const ENOUGH = 60;
export interface TransferList {
  parts: readonly ListPart[];
  /** The rows that are here. */
  rows: readonly TransferView[];
  runs: readonly RunView[];
  /** Nothing is known yet. */
  loading: boolean;
  /** Older rows are still being looked through. */
  looking: boolean;
  error: unknown;
  again: () => void;
  onShown: (first: number, last: number) => void;
  onEnd: () => void;
}

export function useTransferList(filter: TransferFilterView, folded: ReadonlySet<string>): TransferList {
  const search = isSearch(filter);
  const runs = useRunList(filter, folded, !search);
  const found = useFound(filter, folded, search);
  return search ? found : runs;
}

/** What is known of blocks, of one filter only. */
interface Known {
  of: string;
  blocks: Blocks;
}

/** The blocks around what is in view, of one list only. */
interface Seen {
  list: string;
  blocks: readonly BlockDraft[];
}

function useRunList(filter: TransferFilterView, folded: ReadonlySet<string>, enabled: boolean): TransferList {
  const { pace, run: only } = filter;
  const pages = useInfiniteQuery({ ...runPages(pace), enabled: enabled && only === null });
  const one = useQuery({ ...oneRun(only ?? ''), enabled: enabled && only !== null });
  const runs = useMemo(() => (only === null ? (pages.data?.pages.flatMap((page) => page.runs) ?? []) : one.data ? [one.data] : []), [only, pages.data, one.data]);

  const of = `${pace ?? ''}`;
  const [known, setKnown] = useState<Known>({ of, blocks: new Map() });
  const blocks = known.of === of ? known.blocks : NO_BLOCKS;
  const parts = useMemo(() => layOutRuns(runs, pace, folded, blocks), [runs, pace, folded, blocks]);
  const list = `${of} ${only ?? ''}`;
  const [seen, setSeen] = useState<Seen>({ list, blocks: [] });
  // Scrolling within the blocks that are here changes nothing, so that only the list hears of it.
  const onShown = useCallback(
    (first: number, last: number) => {
      const around = blocksAround(parts, first, last);
      setSeen((before) => (before.list === list && JSON.stringify(before.blocks) === JSON.stringify(around) ? before : { list, blocks: around }));
    },
    [list, parts],
  );
  const wanted = useMemo(() => (seen.list === list && seen.blocks.length > 0 ? seen.blocks : firstBlocks(parts)), [seen, list, parts]);
  const asked = useQuery({ ...transferBlocks(pace, wanted), enabled: enabled && wanted.length > 0 });
  useTaken(asked.data, pace, (come) => setKnown((before) => ({ of, blocks: withBlocks(before.of === of ? before.blocks : NO_BLOCKS, come) })));

  const rows = useMemo(() => parts.flatMap((part) => (part.kind === 'row' ? [part.transfer] : [])), [parts]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;
  return {
    parts,
    rows,
    runs,
    loading: only === null ? pages.isPending : one.isPending,
    looking: false,
    error: pages.error ?? one.error ?? asked.error,
    again: () => void Promise.all([pages.refetch(), asked.refetch()]),
    onShown,
    onEnd: () => {
      if (only === null && hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

const NO_BLOCKS: Blocks = new Map();

type Answer = { pace: PaceView | null; blocks: Parameters<typeof withBlocks>[1] };

/** Takes each answer once, unless it is one to another filter. */
function useTaken(data: Answer | undefined, pace: PaceView | null, take: (come: Answer['blocks']) => void) {
  const [taken, setTaken] = useState<Answer | undefined>(undefined);
  if (data !== undefined && data !== taken) {
    setTaken(data);
    if (data.pace === pace) take(data.blocks);
  }
}

function useFound(filter: TransferFilterView, folded: ReadonlySet<string>, enabled: boolean): TransferList {
  const pages = useInfiniteQuery({ ...transferPages(filter), enabled });
  const { fetchNextPage, hasNextPage, isFetchingNextPage, isPlaceholderData } = pages;
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const runs = useMemo(() => {
    const byId = new Map((pages.data?.pages ?? []).flatMap((page) => page.runs).map((run) => [run.id, run]));
    return [...byId.values()];
  }, [pages.data]);
  const parts = useMemo(() => {
    const byId = new Map(runs.map((run) => [run.id, run]));
    return groupByRun(rows).flatMap((group): ListPart[] => {
      const run = byId.get(group.run);
      const open = !folded.has(group.run);
      return [
        ...(run ? [{ kind: 'run' as const, key: headingKey(run.id), run, open }] : []),
        ...(open ? group.rows.map((transfer) => ({ kind: 'row' as const, key: transfer.id, transfer })) : []),
      ];
    });
  }, [rows, runs, folded]);
  // One look goes through so much of the history: where it found little, the next one follows by itself.
  const more = enabled && hasNextPage && !isPlaceholderData && rows.length < ENOUGH;
  useEffect(() => {
    if (more && !isFetchingNextPage) void fetchNextPage();
  }, [more, isFetchingNextPage, fetchNextPage]);
  return {
    parts,
    rows,
    runs,
    loading: pages.isPending,
    looking: more,
    error: pages.error,
    again: () => void pages.refetch(),
    onShown: nothing,
    onEnd: () => {
      if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
    },
  };
}

function nothing() {}
