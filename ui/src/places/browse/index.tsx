// Folders of every connection and of this computer: look, find, bring and take.
import { FolderTree } from 'lucide-react';
import { m } from '@/messages';
import type { Place } from '@/parts/place';
import { Browse } from './browse';

export const browse: Place = {
  path: '/browse',
  title: m.place_browse,
  Icon: FolderTree,
  Component: Browse,
  Count: () => null,
  keys: [
    { keys: 'J  K', does: m.key_next },
    { keys: 'Shift ↑ ↓', does: m.key_range },
    { keys: 'Ctrl A', does: m.key_all },
    { keys: 'Enter', does: m.browse_key_open },
    { keys: 'Esc', does: m.key_clear },
  ],
};
