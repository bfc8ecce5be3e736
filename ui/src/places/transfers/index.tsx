// The queue: what moves, what waits, what failed, and how sure each file is.
import { useQuery } from '@tanstack/react-query';
import { ArrowUpDown } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import type { Place } from '@/parts/place';
import { runPages, transferCounts } from '@/queries';
import { Transfers } from './transfers';

/** How many need a person; where none do, how many are not over. */
function Open() {
  const counts = useQuery(transferCounts).data;
  if (!counts) return null;
  if (counts.needsYou > 0) return <Count alert text={formatNumber(counts.needsYou, locale())} />;
  const open = counts.running + counts.waiting;
  return open > 0 ? <Count text={formatNumber(open, locale())} /> : null;
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
