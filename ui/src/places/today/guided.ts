// The first sending that somebody was guided through, as long as the window is open.
import { Store } from '@/parts/store';

export const guided = new Store<string | null>(null);
