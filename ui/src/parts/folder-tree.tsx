import { useQuery } from '@tanstack/react-query';
import { Cloud, Folder, HardDrive, House, Monitor, Server } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { orderOf } from '@/domain/entries';
import { shownName } from '@/domain/path';
import { HERE } from '@/domain/spots';
import { desk, type EntryView, type IpcError, type PlaceView } from '@/ipc';
import { type Branch, Tree, type TreeNode } from '@/kit/tree';
import { describeError, m } from '@/messages';
import { connections as connectionsQuery, connectorSpecs, homeFolder } from '@/queries';

/** So many folders of one folder are drawn; a tree is no place to look for one of ten thousand. */
const DRAWN = 1000;

const ICONS: Record<string, typeof Folder> = { s3: Cloud, sftp: Server, folder: HardDrive };

function idOf({ connection, path }: PlaceView): string {
  return `${connection ?? HERE}\n${path}`;
}

/** The folder that a node of the tree stands for; `null` for a line that says something. */
export function placeOfNode(id: string): PlaceView | null {
  const end = id.indexOf('\n');
  if (end < 0 || !id.startsWith('/', end + 1)) return null;
  const at = id.slice(0, end);
  return { connection: at === HERE ? null : at, path: id.slice(end + 1) };
}

/** Whether a place lies somewhere below a folder, and is not the folder itself. */
function liesBelow(place: PlaceView, folder: PlaceView): boolean {
  return place.connection === folder.connection && place.path !== folder.path && place.path.startsWith(folder.path === '/' ? '/' : `${folder.path}/`);
}

function liesIn(place: PlaceView, folder: string): boolean {
  return place.path === folder || place.path.startsWith(`${folder}/`);
}

interface Below {
  state: 'loading' | 'failed' | 'there';
  folders: readonly EntryView[];
  more: boolean;
  error?: IpcError;
}

/** The folders of every connection and of this computer. A folder is asked when it is opened, and never before. */
export function FolderTree({ label, chosen, onChoose }: { label: string; chosen: PlaceView | null; onChoose: (place: PlaceView) => void }) {
  const list = useQuery(connectionsQuery).data ?? [];
  const specs = useQuery(connectorSpecs).data ?? [];
  // What has no folders has no place in a tree of them.
  const without = new Set(specs.filter((spec) => !spec.folders).map((spec) => spec.kind));
  const home = useQuery(homeFolder).data;
  const [known, setKnown] = useState<ReadonlyMap<string, Below>>(new Map());
  const leaves = useRef(new Map<string, () => void>());
  useEffect(() => {
    const open = leaves.current;
    return () => {
      for (const leave of open.values()) leave();
    };
  }, []);

  function load(id: string) {
    const place = placeOfNode(id);
    if (place === null) return;
    leaves.current.get(id)?.();
    const found: EntryView[] = [];
    const set = (below: Below) => setKnown((before) => new Map(before).set(id, below));
    const end = (more: boolean) => {
      leaves.current.get(id)?.();
      leaves.current.delete(id);
      const order = new Map(found.map((entry) => [entry, orderOf(entry.name)]));
      const folders = found.toSorted((a, b) => ((order.get(a) ?? '') < (order.get(b) ?? '') ? -1 : 1)).slice(0, DRAWN);
      set({ state: 'there', folders, more });
    };
    set({ state: 'loading', folders: [], more: false });
    leaves.current.set(
      id,
      desk().browseFollow(place, ({ entries, over, error }) => {
        found.push(...entries.filter((entry) => entry.kind === 'folder' && entry.addressable));
        if (error) set({ state: 'failed', folders: [], more: false, error });
        else if (over || found.length > DRAWN) end(found.length > DRAWN);
      }),
    );
  }

  const node = (place: PlaceView, name: string, where: string, Icon: typeof Folder = Folder): TreeNode => {
    const id = idOf(place);
    const within = chosen !== null && liesBelow(chosen, place) && !(home !== undefined && place.connection === null && place.path === '/' && liesIn(chosen, home));
    return { id, name, icon: <Icon aria-hidden size={14} strokeWidth={1.6} />, within, below: branch(id, place, where) };
  };
  function branch(id: string, place: PlaceView, where: string): Branch {
    const below = known.get(id);
    if (!below) return { state: 'unknown' };
    if (below.state === 'loading') return { state: 'loading' };
    if (below.state === 'failed') return { state: 'failed', text: below.error ? describeError(below.error, where).title : '' };
    const nodes = below.folders.map((entry) => node({ connection: place.connection, path: entry.path }, shownName(entry.name), where));
    return { state: 'there', nodes: below.more ? [...nodes, { id: `${id}\n`, name: m.browse_tree_more(), below: null }] : nodes };
  }
  const computer = m.this_computer();
  return (
    <Tree
      label={label}
      nodes={[
        ...(home === undefined ? [] : [node({ connection: null, path: home }, m.browse_home_folder(), computer, House)]),
        node({ connection: null, path: '/' }, computer, computer, Monitor),
        ...list.filter((one) => !without.has(one.kind)).map((one) => node({ connection: one.id, path: '/' }, one.name, one.name, ICONS[one.kind] ?? Server)),
      ]}
      chosen={chosen === null ? null : idOf(chosen)}
      onChoose={(id) => {
        const place = placeOfNode(id);
        if (place) onChoose(place);
      }}
      onLoad={load}
      loadingText={m.browse_loading_label()}
      emptyText={m.browse_tree_empty()}
      retryLabel={m.act_retry()}
      expandLabel={m.browse_tree_expand()}
    />
  );
}
