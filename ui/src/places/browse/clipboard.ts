// What was copied or cut in Browse, to be pasted into another folder or tab. Files of the operating system are not in it.
import type { PlaceView } from '@/ipc';
import { Store, useStore } from '@/parts/store';

export interface Held {
  sources: readonly PlaceView[];
  /** The source goes once its copy is proved. */
  cut: boolean;
}

const held = new Store<Held | null>(null);

export function hold(value: Held | null): void {
  held.set(value);
}

export function useHeld(): Held | null {
  return useStore(held, (value) => value);
}
