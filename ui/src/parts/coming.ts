// Runs that bring something into a folder, wherever they were begun: who shows the folder reads it again when one is through.
import type { PlaceView } from '@/ipc';
import { Store, useStore } from './store';

export interface Coming {
  run: string;
  to: PlaceView;
}

const coming = new Store<readonly Coming[]>([]);

export function expectComing(run: string, to: PlaceView): void {
  coming.set([...coming.get(), { run, to }]);
}

/** All of them; who shows a folder picks out its own. */
export function useComing(): readonly Coming[] {
  return useStore(coming, (value) => value);
}

/** They came: nobody waits for them any more. */
export function forgetComing(runs: readonly string[]): void {
  coming.set(coming.get().filter((one) => !runs.includes(one.run)));
}
