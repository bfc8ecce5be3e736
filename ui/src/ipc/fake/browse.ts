// Folders of the fake desk. A listing comes in batches, and stops where a test wants to look in between.
import type { AbilitiesView, EntryView, FolderBatchView, IpcError, PlaceView } from '../bindings';
import type { Unsubscribe } from '../port';
import type { BrowseCalls } from '../ports/browse';
import { type FakeCore, refuse } from './core';
import { crowd, type FakeTree, fakeTree } from './folders';

const BATCH = 1000;

const ALL: AbilitiesView = {
  read: true, write: true, createFolder: true, rename: true, remove: true, serverCopy: false,
  versions: false, metadata: false, links: false, unfinished: false, records: false, space: false,
};

const ABILITIES: Record<string, AbilitiesView> = {
  folder: { ...ALL, unfinished: true, space: true },
  sftp: { ...ALL, serverCopy: true, space: true },
  s3: { ...ALL, serverCopy: true, versions: true, metadata: true, links: true, unfinished: true, records: true },
};

export class FakeFolders implements BrowseCalls {
  readonly #core: FakeCore;
  readonly #trees = new Map<string, FakeTree>();
  /** Places whose listing is refused, as `connection:path`. */
  readonly barred = new Map<string, IpcError>();
  /** Whether a listing stops after its first batch until `goOn` is called. */
  holds = false;
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
    const fresh = fakeTree(connection === null ? 'here' : this.kindOf(connection), Date.now());
    this.#trees.set(id, fresh);
    return fresh;
  }

  /** Puts very many files into a folder. */
  crowd(connection: string | null, folder: string, count: number): void {
    this.tree(connection).set(folder, crowd(folder, count, Date.now()));
  }

  entries({ connection, path }: PlaceView): EntryView[] {
    const refusal = this.barred.get(`${connection ?? ''}:${path}`);
    if (refusal) refuse(refusal);
    const missing: IpcError = { code: 'remote', failure: { kind: 'not-found', side: 'destination', message: `${path}: nothing is there`, code: null } };
    return this.tree(connection).get(path) ?? refuse(missing);
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
    if (place.path === '/') return { path: '/', name: '', kind: 'folder', size: 0, modified: null, version: null, addressable: true };
    const folder = end <= 0 ? '/' : place.path.slice(0, end);
    return this.tree(place.connection).get(folder)?.find((one) => one.path === place.path) ?? null;
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
