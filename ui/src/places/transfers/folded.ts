// Which runs are folded: kept as long as the window, so that coming back finds the list as it was.
import { Store, useStore } from '@/parts/store';

const folded = new Store<ReadonlySet<string>>(new Set());

export function useFolded(): ReadonlySet<string> {
  return useStore(folded, (value) => value);
}

export function foldedRuns(): ReadonlySet<string> {
  return folded.get();
}

export function fold(run: string, open: boolean): void {
  const next = new Set(folded.get());
  if (open) next.delete(run);
  else next.add(run);
  folded.set(next);
}

export function foldAll(runs: readonly string[], open: boolean): void {
  folded.set(open ? new Set() : new Set([...folded.get(), ...runs]));
}
