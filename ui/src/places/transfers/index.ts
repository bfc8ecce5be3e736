// The queue: what moves, what waits, what failed, and how sure each file is.
import { useQuery } from '@tanstack/react-query';
import { ArrowUpDown } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { locale, m } from '@/messages';
import type { Place } from '@/parts/place';
import { transferCounts } from '@/queries';
import { Transfers } from './transfers';

export const transfers: Place = {
  path: '/transfers',
  title: m.place_transfers,
  Icon: ArrowUpDown,
  Component: Transfers,
  useCount: () => {
    const counts = useQuery(transferCounts).data;
    if (!counts) return null;
    if (counts.needsYou > 0) return { text: formatNumber(counts.needsYou, locale()), alert: true };
    const open = counts.running + counts.waiting;
    return open > 0 ? { text: formatNumber(open, locale()), alert: false } : null;
  },
  keys: [
    { keys: 'J  K', does: m.key_next },
    { keys: 'Shift ↑ ↓', does: m.key_range },
    { keys: 'Ctrl A', does: m.key_all },
    { keys: 'Space', does: m.key_range },
    { keys: 'Enter', does: m.key_side },
    { keys: 'Esc', does: m.key_clear },
    { keys: '/', does: m.key_find },
    { keys: 'P', does: m.act_pause },
    { keys: 'S', does: m.act_resume },
    { keys: 'R', does: m.act_retry },
    { keys: 'Delete', does: m.act_cancel },
  ],
};
