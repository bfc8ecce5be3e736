// The configured places: how well they are, what waits for them, and a card each that files are dropped on.
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { locale, m } from '@/messages';
import type { Place } from '@/parts/place';
import { connections as connectionsQuery } from '@/queries';
import { Connections } from './connections';

export const connections: Place = {
  path: '/connections',
  title: m.place_connections,
  Icon: Link2,
  Component: Connections,
  useCount: () => {
    const ill = useQuery(connectionsQuery).data?.filter((one) => one.health === 'failed' || one.health === 'needs-attention');
    return ill && ill.length > 0 ? { text: formatNumber(ill.length, locale()), alert: true } : null;
  },
  keys: [
    { keys: '← ↑ ↓ →', does: m.key_next },
    { keys: 'N', does: m.key_add },
    { keys: 'T', does: m.key_test },
    { keys: 'Esc', does: m.key_clear },
  ],
};
