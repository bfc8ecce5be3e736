// What the desk is told once and keeps: limits, network, vault, data, notices, looks.
import { useQuery } from '@tanstack/react-query';
import { Settings2 } from 'lucide-react';
import { Count } from '@/kit/count';
import { m } from '@/messages';
import type { Place } from '@/parts/place';
import { settings as settingsQuery } from '@/queries';
import { Settings } from './settings';

/** How many sections cannot be read. */
function Strange() {
  const strange = useQuery(settingsQuery).data?.strange.length ?? 0;
  return strange > 0 ? <Count alert text={String(strange)} says={m.settings_strange_count({ count: strange, n: String(strange) })} /> : null;
}

export const settings: Place = {
  path: '/settings',
  title: m.place_settings,
  Icon: Settings2,
  Component: Settings,
  Count: Strange,
  keys: [
    { keys: '↑  ↓', does: m.settings_key_section },
    { keys: 'Enter', does: m.settings_key_save },
  ],
};
