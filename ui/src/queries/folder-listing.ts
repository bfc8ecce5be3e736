// A folder while it comes in: sorted on arrival, told a few times a second, left when nobody looks at it any more.
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { comparing, type EntrySort, merged, type Row, rowOf } from '@/domain/entries';
import { desk, type EntryView, type IpcError, type PlaceView, type Unsubscribe } from '@/ipc';

export interface FolderState {
  /** In the order that is wished for. */
  rows: readonly Row[];
  /** More may come. */
  loading: boolean;
  error: IpcError | null;
}

/** What comes within this time is shown together, once there is something to see. */
const TOGETHER = 120;

/** One look into one folder. */
class FolderListing {
  #state: FolderState = { rows: [], loading: true, error: null };
  #waiting: Row[] = [];
  #arrived = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #compare: ReturnType<typeof comparing>;
  readonly #listeners = new Set<() => void>();
  #leave: Unsubscribe | null = null;

  constructor(sort: EntrySort) {
    this.#compare = comparing(sort);
  }

  state = (): FolderState => this.#state;

  subscribe = (tell: () => void): Unsubscribe => {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  };

  begin(place: PlaceView): void {
    this.#leave = desk().browseFollow(place, ({ entries, over, error }) => {
      this.#take(entries);
      if (over) this.#flush({ loading: false, error });
      else this.#soon();
    });
  }

  sort(sort: EntrySort): void {
    this.#compare = comparing(sort);
    this.#set({ rows: this.#state.rows.toSorted(this.#compare) });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#leave?.();
    this.#leave = null;
  }

  #take(entries: readonly EntryView[]): void {
    for (const entry of entries) this.#waiting.push(rowOf(entry, (this.#arrived += 1)));
  }

  /** The first rows at once; later ones together, the more rarely the longer the list is. */
  #soon(): void {
    if (this.#state.rows.length === 0) return this.#flush({});
    this.#timer ??= setTimeout(() => this.#flush({}), Math.max(TOGETHER, this.#state.rows.length / 100));
  }

  #flush(change: Partial<FolderState>): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) {
      if (Object.keys(change).length > 0) this.#set(change);
      return;
    }
    const fresh = this.#waiting.toSorted(this.#compare);
    this.#waiting = [];
    const before = this.#state.rows;
    this.#set({ ...change, rows: before.length === 0 ? fresh : merged(before, fresh, this.#compare) });
  }

  #set(change: Partial<FolderState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}

/** What is in a folder. Another place, another `turn`, or leaving ends the look. */
export function useFolder(place: PlaceView, sort: EntrySort, turn: number): FolderState {
  const { connection, path } = place;
  // The order may change while one looks: that is no reason to ask again.
  // oxlint-disable-next-line react/exhaustive-deps
  const listing = useMemo(() => new FolderListing(sort), [connection, path, turn]);
  useEffect(() => {
    listing.begin({ connection, path });
    return () => listing.end();
  }, [listing, connection, path]);
  useEffect(() => listing.sort(sort), [listing, sort]);
  return useSyncExternalStore(listing.subscribe, listing.state);
}
