// Everything that only a person can solve, in groups. It stands in the header, with its count, wherever one is.
import { Bell } from 'lucide-react';
import { m } from '@/messages';
import type { Place } from '@/parts/place';
import { Attention } from './attention';

export const attention: Place = {
  path: '/attention',
  title: m.attention_title,
  Icon: Bell,
  Component: Attention,
  Count: () => null,
  keys: [],
};
