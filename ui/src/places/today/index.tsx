// The day: what needs a person, what ran while nobody looked, and how the home is.
import { CalendarCheck } from 'lucide-react';
import { formatNumber } from '@/domain/measure';
import { Count } from '@/kit/count';
import { locale, m } from '@/messages';
import { needWords, useNeedCount } from '@/parts/needs';
import type { Place } from '@/parts/place';
import { Today } from './today';

/** How many things need somebody. */
function Needing() {
  const count = useNeedCount() ?? 0;
  return count > 0 ? <Count text={formatNumber(count, locale())} says={needWords(count)} /> : null;
}

export const today: Place = {
  path: '/today',
  title: m.place_today,
  Icon: CalendarCheck,
  Component: Today,
  Count: Needing,
  keys: [],
};
