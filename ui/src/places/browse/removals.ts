// Removals under way. They go on whatever the window shows.
import { desk, type EntryView, type RemovalView, type SeenView } from '@/ipc';
import { Store, useStore } from '@/parts/store';

export interface Removing {
  id: number;
  connection: string | null;
  /** The folder that they were chosen in. */
  folder: string;
  name: string;
  told: RemovalView;
  stopped: boolean;
  stop: () => void;
}

const all = new Store<readonly Removing[]>([]);
let next = 0;

const NOTHING: RemovalView = { files: 0, folders: 0, failed: 0, failures: [], over: false, error: null };

export function seen(entry: EntryView): SeenView {
  return { path: entry.path, kind: entry.kind, size: entry.size, link: entry.link };
}

function change(id: number, to: Partial<Removing>): void {
  all.set(all.get().map((one) => (one.id === id ? { ...one, ...to } : one)));
}

/** Starts one; `over` hears when nothing more goes. */
export function startRemoval(connection: string | null, folder: string, name: string, entries: readonly EntryView[], over: (told: RemovalView) => void): void {
  next += 1;
  const id = next;
  const end = desk().browseRemove(connection, entries.map(seen), (told) => {
    // All went well and somebody will see that they are gone: nothing has to be read.
    if (told.over && told.failed === 0 && told.error === null) all.set(all.get().filter((one) => one.id !== id));
    else change(id, { told });
    if (told.over) over(told);
  });
  const stop = () => {
    end();
    const told = all.get().find((one) => one.id === id)?.told ?? NOTHING;
    change(id, { stopped: true, told: { ...told, over: true } });
    over({ ...told, over: true });
  };
  all.set([...all.get(), { id, connection, folder, name, told: NOTHING, stopped: false, stop }]);
}

export function dismissRemoval(id: number): void {
  all.set(all.get().filter((one) => one.id !== id));
}

export function useRemovals(): readonly Removing[] {
  return useStore(all, (value) => value);
}
