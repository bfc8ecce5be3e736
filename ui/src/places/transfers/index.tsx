// The queue: what moves, what waits, what failed, and how sure each file is.
import { type QueryClient, useQuery } from '@tanstack/react-query';
import { ArrowUpDown } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { firstBlocks, layOutRuns } from '@/domain/transfer-list';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import { needWords, useNeedCount } from '@/parts/needs';
import type { Place } from '@/parts/place';
import { runPages, transferBlocks, transferCounts } from '@/queries';
import { foldedRuns } from './folded';
import { Transfers } from './transfers';

/** How long what was read ahead waits for somebody to go there. */
const KEPT_MS = 300_000;

/** How much of what needs somebody is about files; where nothing is, how many files are not over. */
function Open() {
  const counts = useQuery(transferCounts).data;
  const needing = useNeedCount('files') ?? 0;
  const n = (count: number) => formatNumber(count, locale());
  if (needing > 0) return <Count alert text={n(needing)} says={needWords(needing)} />;
  const open = counts ? counts.running + counts.waiting : 0;
  return open > 0 ? <Count text={n(open)} says={m.files_on_their_way({ count: open, n: n(open) })} /> : null;
}

/** The runs, and the rows that the list begins with. What cannot be read is asked for again, and said, when one goes there. */
async function readAhead(client: QueryClient) {
  await client.prefetchInfiniteQuery(runPages(null));
  const runs = client.getQueryData(runPages(null).queryKey)?.pages.flatMap((page) => page.runs) ?? [];
  const blocks = firstBlocks(layOutRuns(runs, null, foldedRuns(), new Map()));
  if (blocks.length > 0) await client.prefetchQuery({ ...transferBlocks(null, blocks), gcTime: KEPT_MS });
}

export const transfers: Place = {
  path: '/transfers',
  title: m.place_transfers,
  Icon: ArrowUpDown,
  Component: Transfers,
  Count: Open,
  ahead: (client) => void readAhead(client),
  keys: [
    { keys: 'J  K', does: m.key_next },
    { keys: 'Shift ↑ ↓  Space', does: m.key_range },
    { keys: 'Ctrl A', does: m.key_all },
    { keys: 'Enter', does: m.key_side },
    { keys: 'Esc', does: m.key_clear },
    { keys: '←  →', does: m.key_fold },
    { keys: 'Alt ↑  Alt ↓', does: m.key_move },
    { keys: 'T', does: m.act_first },
    { keys: 'O', does: m.key_open_end },
    { keys: 'P', does: m.act_pause },
    { keys: 'S', does: m.act_resume },
    { keys: 'R', does: m.act_retry },
    { keys: 'Delete', does: m.act_cancel },
    { keys: 'Shift Delete', does: m.act_cancel_run },
  ],
};
