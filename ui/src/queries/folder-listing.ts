// A folder while it comes in: sorted on arrival, told a few times a second, left when nobody looks at it any more.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { comparing, type EntrySort, merged, type Row, rowOf } from '@/domain/entries';
import { desk, type EntryView, type IpcError, type PlaceView, type Unsubscribe } from '@/ipc';

export interface FolderState {
  /** In the order that is wished for. */
  rows: readonly Row[];
  /** More may come. */
  loading: boolean;
  /** What is shown is what was seen the last time. */
  before: boolean;
  error: IpcError | null;
}

/** What comes within this time is shown together, once there is something to see. */
const TOGETHER = 120;
/** So many entries of folders that were left are kept, so that going back shows them at once. */
const KEPT = 50_000;

const KEY = 'folders';

function keyOf({ connection, path }: PlaceView): readonly string[] {
  return [KEY, connection ?? '', path];
}

/** Keeps a folder that was seen whole; the oldest give way. */
function keep(client: QueryClient, place: PlaceView, rows: readonly Row[]): void {
  client.removeQueries({ queryKey: keyOf(place), exact: true });
  if (rows.length > KEPT) return;
  client.setQueryData(keyOf(place), rows);
  const kept = client.getQueryCache().findAll({ queryKey: [KEY] }).toSorted((a, b) => b.state.dataUpdatedAt - a.state.dataUpdatedAt);
  let sum = 0;
  for (const one of kept) {
    sum += (one.state.data as readonly Row[] | undefined)?.length ?? 0;
    if (sum > KEPT) client.getQueryCache().remove(one);
  }
}

/** One look into one folder. */
class FolderListing {
  readonly #client: QueryClient;
  readonly #place: PlaceView;
  #state: FolderState;
  /** What came in this look, while the one before is shown. */
  #fresh: readonly Row[] = [];
  #waiting: Row[] = [];
  #arrived = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sort: EntrySort;
  #compare: ReturnType<typeof comparing>;
  readonly #listeners = new Set<() => void>();
  #leave: Unsubscribe | null = null;

  constructor(client: QueryClient, place: PlaceView, sort: EntrySort) {
    this.#client = client;
    this.#place = place;
    this.#sort = sort;
    this.#compare = comparing(sort);
    const known = client.getQueryData<readonly Row[]>(keyOf(place));
    this.#state = { rows: known?.toSorted(this.#compare) ?? [], loading: true, before: known !== undefined, error: null };
  }

  state = (): FolderState => this.#state;

  subscribe = (tell: () => void): Unsubscribe => {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  };

  begin(): void {
    [this.#fresh, this.#waiting, this.#arrived] = [[], [], 0];
    this.#leave = desk().browseFollow(this.#place, ({ entries, over, error }) => {
      this.#take(entries);
      if (over) this.#end(error);
      else this.#soon();
    });
  }

  sort(sort: EntrySort): void {
    if (sort.column === this.#sort.column && sort.direction === this.#sort.direction) return;
    this.#sort = sort;
    this.#compare = comparing(sort);
    this.#fresh = this.#fresh.toSorted(this.#compare);
    this.#set({ rows: this.#state.before ? this.#state.rows.toSorted(this.#compare) : this.#fresh });
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#leave?.();
    this.#leave = null;
  }

  #take(entries: readonly EntryView[]): void {
    for (const entry of entries) this.#waiting.push(rowOf(entry, (this.#arrived += 1)));
  }

  /** The first rows at once; later ones together, the more rarely the longer the list is. */
  #soon(): void {
    if (this.#fresh.length === 0) return this.#show({});
    this.#timer ??= setTimeout(() => this.#show({}), Math.max(TOGETHER, this.#fresh.length / 100));
  }

  #end(error: IpcError | null): void {
    this.#leave = null;
    this.#show({ loading: false, before: false, error });
    if (error === null) keep(this.#client, this.#place, this.#fresh);
    else this.#client.removeQueries({ queryKey: keyOf(this.#place), exact: true });
  }

  #show(change: Partial<FolderState>): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) {
      const sorted = this.#waiting.toSorted(this.#compare);
      this.#waiting = [];
      this.#fresh = this.#fresh.length === 0 ? sorted : merged(this.#fresh, sorted, this.#compare);
    }
    const before = change.before ?? this.#state.before;
    this.#set(before ? change : { ...change, rows: this.#fresh });
  }

  #set(change: Partial<FolderState>): void {
    this.#state = { ...this.#state, ...change };
    for (const tell of this.#listeners) tell();
  }
}

/** What is in a folder. Another place, another `turn`, or leaving ends the look. */
export function useFolder(place: PlaceView, sort: EntrySort, turn: number): FolderState {
  const { connection, path } = place;
  const client = useQueryClient();
  // The order may change while one looks, and that is no reason to ask again; another turn is one.
  // oxlint-disable-next-line react/exhaustive-deps
  const listing = useMemo(() => new FolderListing(client, { connection, path }, sort), [client, connection, path, turn]);
  useEffect(() => {
    listing.begin();
    return () => listing.end();
  }, [listing]);
  useEffect(() => listing.sort(sort), [listing, sort]);
  return useSyncExternalStore(listing.subscribe, listing.state);
}
