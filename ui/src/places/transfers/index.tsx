// The queue: what moves, what waits, what failed, and how sure each file is.
import { useQuery } from '@tanstack/react-query';
import { ArrowUpDown } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import { needWords, useNeedCount } from '@/parts/needs';
import type { Place } from '@/parts/place';
import { runPages, transferCounts } from '@/queries';
import { Transfers } from './transfers';

/** How much of what needs somebody is about files; where nothing is, how many files are not over. */
function Open() {
  const counts = useQuery(transferCounts).data;
  const needing = useNeedCount('files') ?? 0;
  const n = (count: number) => formatNumber(count, locale());
  if (needing > 0) return <Count alert text={n(needing)} says={needWords(needing)} />;
  const open = counts ? counts.running + counts.waiting : 0;
  return open > 0 ? <Count text={n(open)} says={m.files_on_their_way({ count: open, n: n(open) })} /> : null;
}

export const transfers: Place = {
  path: '/transfers',
  title: m.place_transfers,
  Icon: ArrowUpDown,
  Component: Transfers,
  Count: Open,
  ahead: (client) => void client.prefetchInfiniteQuery(runPages(null)),
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
