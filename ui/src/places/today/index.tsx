// The day: what needs a person, what ran while nobody looked, and how the home is.
import { useQuery } from '@tanstack/react-query';
import { CalendarCheck } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import type { Place } from '@/parts/place';
import { attentionGroups } from '@/queries';
import { Today } from './today';

/** How many things are asked: a thousand conflicts of a run are one. */
function Asked() {
  const groups = useQuery(attentionGroups).data?.length ?? 0;
  return groups > 0 ? <Count text={formatNumber(groups, locale())} /> : null;
}

export const today: Place = {
  path: '/today',
  title: m.place_today,
  Icon: CalendarCheck,
  Component: Today,
  Count: Asked,
  keys: [],
};
