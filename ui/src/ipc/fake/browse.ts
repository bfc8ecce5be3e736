// Folders of the fake desk. A listing comes in batches, and stops where a test wants to look in between.
import type { AbilitiesView, CopyDraftView, EntryPageView, EntryView, FailureKindView, FolderBatchView, IpcError, LossView, NotRemovedView, PlaceView, RemovalView, SearchDraftView, SeenView } from '../bindings';
import type { Unsubscribe } from '../port';
import type { BrowseCalls } from '../ports/browse';
import { type FakeCore, refuse } from './core';
import { crowd, fakeEntry, type FakeTree, fakeTree } from './folders';
import { systemAbilities, systemTree } from './systems';

const BATCH = 1000;
/** So much of what was found comes at once. */
const FOUND = 50;

function refusedBy(kind: FailureKindView, path: string): IpcError {
  return { code: 'remote', failure: { kind, side: 'destination', message: `${path}: ${kind}`, code: null } };
}

const ALL: AbilitiesView = {
  read: true, write: true, createFolder: true, rename: true, remove: true, marks: false, kept: null, serverCopy: false,
  versions: false, removesVersions: false, metadata: false, links: false, unfinished: false, records: false, space: false,
  forms: false, search: null, columns: [],
};

const ABILITIES: Record<string, AbilitiesView> = {
  folder: { ...ALL, unfinished: true, space: true },
  sftp: { ...ALL, serverCopy: true, space: true },
  s3: { ...ALL, marks: true, serverCopy: true, versions: true, removesVersions: true, metadata: true, links: true, unfinished: true, records: true },
  ...systemAbilities(ALL),
};

export class FakeFolders implements BrowseCalls {
  readonly #core: FakeCore;
  readonly #trees = new Map<string, FakeTree>();
  /** Places whose listing is refused, as `connection:path`. */
  readonly barred = new Map<string, IpcError>();
  /** Whether a listing stops after its first batch until `goOn` is called. */
  holds = false;
  /** Whether a listing tells nothing at all until then. */
  quiet = false;
  #held: (() => void)[] = [];
  /** Listings that nobody has left and that are not over. */
  open = 0;

  constructor(core: FakeCore) {
    this.#core = core;
  }

  kindOf(connection: string | null): string {
    if (connection === null) return 'folder';
    return (this.#core.data.connections.find((one) => one.id === connection) ?? refuse({ code: 'not-here', what: connection })).kind;
  }

  tree(connection: string | null): FakeTree {
    const id = connection ?? 'here';
    const known = this.#trees.get(id);
    if (known) return known;
    const kind = connection === null ? 'here' : this.kindOf(connection);
    const fresh = systemTree(kind, Date.now()) ?? fakeTree(kind, Date.now());
    this.#trees.set(id, fresh);
    return fresh;
  }

  /** Puts very many files into a folder. */
  crowd(connection: string | null, folder: string, count: number): void {
    this.tree(connection).set(folder, crowd(folder, count, Date.now()));
  }

  /** Every name that was looked at. */
  names(): string[] {
    return [...this.#trees.values()].flatMap((tree) => [...tree.values()].flat().map((entry) => entry.name));
  }

  entries({ connection, path }: PlaceView): EntryView[] {
    const refusal = this.barred.get(`${connection ?? ''}:${path}`);
    if (refusal) refuse(refusal);
    return this.tree(connection).get(path) ?? refuse(refusedBy('not-found', path));
  }

  goOn(): void {
    const held = this.#held;
    this.#held = [];
    for (const one of held) one();
  }

  browseAbilities = async (connection: string | null): Promise<AbilitiesView> => {
    this.#core.check('browseAbilities');
    return ABILITIES[this.kindOf(connection)] ?? ALL;
  };

  browseHome = async (): Promise<string> => '/home/records';

  browseLook = async (place: PlaceView): Promise<EntryView | null> => {
    this.#core.check('browseLook');
    const end = place.path.lastIndexOf('/');
    if (place.path === '/') return { path: '/', name: '', kind: 'folder', size: 0, modified: null, version: null, addressable: true, link: false, facts: [] };
    const folder = end <= 0 ? '/' : place.path.slice(0, end);
    return this.tree(place.connection).get(folder)?.find((one) => one.path === place.path) ?? null;
  };

  /** Every search that was asked for. */
  readonly searches: SearchDraftView[] = [];

  /** By a part of the name, fifty at a time, in the order of the folders. */
  browseSearch = async (query: SearchDraftView, cursor: string | null): Promise<EntryPageView> => {
    this.searches.push(query);
    this.#core.check('browseSearch');
    const wanted = query.text.toLowerCase();
    const below = query.within === null || query.within === '/' ? '/' : `${query.within}/`;
    const found = [...this.tree(query.connection).values()]
      .flat()
      .filter((entry) => entry.path.startsWith(below) && entry.name.toLowerCase().includes(wanted))
      .filter((entry) => query.filters.every(({ key, value }) => entry.facts.some((fact) => fact.key === key && fact.value.toLowerCase().includes(value.toLowerCase()))));
    const from = Number(cursor ?? 0);
    return { entries: found.slice(from, from + FOUND), next: from + FOUND < found.length ? String(from + FOUND) : null };
  };

  /** Files that a bucket marked as deleted, by `connection:path`. */
  readonly marked = new Map<string, EntryView>();

  /** A marked file is there again. */
  unmark(place: PlaceView): void {
    const key = `${place.connection ?? ''}:${place.path}`;
    const entry = this.marked.get(key);
    if (!entry) return;
    this.marked.delete(key);
    const { folder, entries } = this.#folderOf(place);
    this.tree(place.connection).set(folder, [...entries, entry]);
  }

  /** What each place of a removal is refused with. */
  readonly kept = new Map<string, FailureKindView>();
  readonly copies: CopyDraftView[] = [];
  /** Hears what is copied where. */
  onCopy: (draft: CopyDraftView) => void = () => {};

  #folderOf(place: PlaceView): { folder: string; name: string; entries: EntryView[] } {
    const end = place.path.lastIndexOf('/');
    const folder = end <= 0 ? '/' : place.path.slice(0, end);
    return { folder, name: place.path.slice(end + 1), entries: this.entries({ ...place, path: folder }) };
  }

  browseMakeFolder = async (place: PlaceView): Promise<null> => {
    this.#core.check('browseMakeFolder');
    const { folder, name, entries } = this.#folderOf(place);
    if (entries.some((one) => one.name === name)) refuse(refusedBy('already-exists', place.path));
    entries.push(fakeEntry(folder, name, { kind: 'folder', modified: Date.now() }));
    this.tree(place.connection).set(place.path, []);
    return null;
  };

  browseRename = async (place: PlaceView, name: string): Promise<string> => {
    this.#core.check('browseRename');
    const { folder, entries } = this.#folderOf(place);
    if (entries.some((one) => one.name === name)) refuse(refusedBy('already-exists', place.path));
    const entry = entries.find((one) => one.path === place.path) ?? refuse(refusedBy('not-found', place.path));
    const tree = this.tree(place.connection);
    const before = entry.path;
    Object.assign(entry, fakeEntry(folder, name, { ...entry, name, path: folder === '/' ? `/${name}` : `${folder}/${name}` }));
    const below = tree.get(before);
    if (below) {
      tree.delete(before);
      tree.set(entry.path, below.map((one) => ({ ...one, path: `${entry.path}/${one.name}` })));
    }
    return entry.path;
  };

  browseCopy = async (draft: CopyDraftView): Promise<string> => {
    this.#core.check('browseCopy');
    this.copies.push(draft);
    this.onCopy(draft);
    return `r-copy-${this.copies.length}`;
  };

  #below(connection: string | null, entries: readonly SeenView[]): SeenView[] {
    return entries.flatMap((one) => [one, ...(one.kind === 'folder' && !one.link ? this.#below(connection, this.tree(connection).get(one.path) ?? []) : [])]);
  }

  browseCountLoss = (connection: string | null, entries: SeenView[], tell: (loss: LossView) => void): Unsubscribe => {
    let stopped = false;
    const of = (kind: SeenView['kind'], all: readonly SeenView[]) => all.filter((one) => one.kind === kind && !one.link);
    const pass = (all: readonly SeenView[], over: boolean) => {
      if (stopped) return;
      const files = of('file', all);
      const folders = of('folder', all).length;
      const bytes = files.reduce((sum, one) => sum + one.size, 0);
      tell({ files: files.length, folders, bytes, others: all.length - files.length - folders, unknown: 0, over, error: null });
    };
    const finish = () => pass(this.#below(connection, entries), true);
    setTimeout(() => {
      pass(entries, false);
      if (this.holds) this.#held.push(finish);
      else setTimeout(finish);
    });
    return () => {
      stopped = true;
    };
  };

  browseRemove = (connection: string | null, entries: SeenView[], tell: (removal: RemovalView) => void): Unsubscribe => {
    let stopped = false;
    const state: RemovalView = { files: 0, folders: 0, failed: 0, failures: [], over: false, error: null };
    const remove = (seen: SeenView): boolean => {
      const kind = this.kept.get(seen.path);
      if (kind) {
        const failure: NotRemovedView = { path: seen.path, failure: { kind, side: 'destination', message: `${seen.path}: refused`, code: null } };
        state.failures = [...state.failures, failure];
        state.failed += 1;
        return false;
      }
      const below = seen.kind === 'folder' ? (this.tree(connection).get(seen.path) ?? []) : [];
      const emptied = [...below].map(remove).every(Boolean);
      if (!emptied) return false;
      const { folder, entries: siblings } = this.#folderOf({ connection, path: seen.path });
      const gone = siblings.find((one) => one.path === seen.path);
      if (gone?.kind === 'file' && ABILITIES[this.kindOf(connection)]?.marks) this.marked.set(`${connection ?? ''}:${seen.path}`, gone);
      this.tree(connection).set(folder, siblings.filter((one) => one.path !== seen.path));
      this.tree(connection).delete(seen.path);
      if (seen.kind === 'folder') state.folders += 1;
      else state.files += 1;
      return true;
    };
    const rest = [...entries];
    const step = () => {
      if (stopped) return;
      const next = rest.shift();
      if (next) remove(next);
      tell({ ...state, over: rest.length === 0 });
      if (rest.length === 0) return;
      if (this.holds) this.#held.push(step);
      else setTimeout(step);
    };
    setTimeout(step);
    return () => {
      stopped = true;
    };
  };

  browseFollow = (place: PlaceView, tell: (batch: FolderBatchView) => void): Unsubscribe => {
    let left = false;
    const leave = () => {
      if (!left) this.open -= 1;
      left = true;
    };
    this.open += 1;
    const pass = (batch: FolderBatchView) => {
      if (left) return;
      if (batch.over) leave();
      tell(batch);
    };
    void (async () => {
      await Promise.resolve();
      try {
        this.#core.check('browseFollow');
        const all = this.entries(place);
        if (this.quiet) await new Promise<void>((resolve) => this.#held.push(resolve));
        // What was left is told nothing more: `pass` sees to that.
        for (let at = 0; at < all.length; at += BATCH) {
          pass({ entries: all.slice(at, at + BATCH).map((one) => ({ ...one })), over: false, error: null });
          // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is about
          await new Promise<void>((resolve) => {
            if (this.holds) this.#held.push(resolve);
            else setTimeout(resolve);
          });
        }
        pass({ entries: [], over: true, error: null });
      } catch (reason) {
        const error = reason instanceof Error && 'error' in reason ? (reason.error as IpcError) : ({ code: 'internal', message: String(reason) } as const);
        pass({ entries: [], over: true, error });
      }
    })();
    return leave;
  };
}
