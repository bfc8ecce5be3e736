// Whether another program holds the desk's database, as far as calls noticed.
import { Store, useStore } from './store';

const busy = new Store(false);

export const setBusy = (now: boolean): void => busy.set(now);

export function useBusy(): boolean {
  return useStore(busy, (value) => value);
}
