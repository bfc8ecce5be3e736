// The places of the window, in the order of the rail. A new place is its folder and a line here.
import type { Place } from '@/parts/place';
import { attention } from '@/places/attention';
import { browse } from '@/places/browse';
import { connections } from '@/places/connections';
import { settings } from '@/places/settings';
import { today } from '@/places/today';
import { transfers } from '@/places/transfers';

export const places: readonly [Place, ...Place[]] = [today, transfers, browse, connections, settings];

/** Places that do not stand in the rail: Attention has its line in the header. */
export const aside: readonly Place[] = [attention];
