// The configured places: how well they are, what waits for them, and a card each that files are dropped on.
import { useQuery } from '@tanstack/react-query';
import { Link2 } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import type { Place } from '@/parts/place';
import { connections as connectionsQuery } from '@/queries';
import { Connections } from './connections';

export { ConnectionTasks } from './tasks';

/** How many cannot be used. */
function Ill() {
  const ill = useQuery(connectionsQuery).data?.filter((one) => one.health === 'failed' || one.health === 'stopped');
  if (!ill || ill.length === 0) return null;
  const n = formatNumber(ill.length, locale());
  return <Count alert text={n} says={m.connections_ill({ count: ill.length, n })} />;
}

export const connections: Place = {
  path: '/connections',
  title: m.place_connections,
  Icon: Link2,
  Component: Connections,
  Count: Ill,
  keys: [
    { keys: '← ↑ ↓ →', does: m.key_next },
    { keys: 'Shift ←  Shift →', does: m.key_more },
    { keys: 'Shift F10', does: m.key_menu },
  ],
};
