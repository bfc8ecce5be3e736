// The places of the window, in the order of the rail. A new place is its folder and a line here.
import type { Place } from '@/parts/place';
import { browse } from '@/places/browse';
import { connections } from '@/places/connections';
import { settings } from '@/places/settings';
import { transfers } from '@/places/transfers';

export const places: readonly [Place, ...Place[]] = [transfers, browse, connections, settings];
