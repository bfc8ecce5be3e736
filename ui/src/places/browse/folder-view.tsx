import { useQuery } from '@tanstack/react-query';
import { Columns3 } from 'lucide-react';
import { useDeferredValue, useMemo, useRef, useState } from 'react';
import { comparing, type EntrySort } from '@/domain/entries';
import { shownName } from '@/domain/path';
import { type BrowseTab, HERE, parentOf } from '@/domain/spots';
import type { PlaceView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { ContextMenu, useContextMenu } from '@/kit/context-menu';
import { EmptyState } from '@/kit/empty-state';
import { MenuButton } from '@/kit/menu';
import { SearchField } from '@/kit/search-field';
import { Skeleton } from '@/kit/skeleton';
import { Split } from '@/kit/split';
import spoken from '@/kit/spoken.module.css';
import { inWords, m, sayIn } from '@/messages';
import { useCommands } from '@/parts/commands';
import { abilities as abilitiesQuery, connections as connectionsQuery, connectorSpecs, useFolder } from '@/queries';
import { ActDialogs } from './act-dialogs';
import styles from './browse.module.css';
import { EntrySide } from './entry-side';
import { FileDrop } from './file-drop';
import { FolderFailure } from './folder-failure';
import { FolderTools } from './folder-tools';
import { useSaidInHeadline } from './headline';
import { number, stateOf, stateOfSearch } from './headline-words';
import { List } from './list';
import { keepSort, keptSort } from './memory';
import { menuOf } from './menus';
import { Navigation } from './navigation';
import { NoFolders } from './no-folders';
import { keepResults, keptResults, Results, SearchBar, useSearch } from './search';
import { tabs } from './tabs-state';
import { useActs } from './use-acts';
import { useColumns } from './use-columns';

const NOTHING: ReadonlySet<string> = new Set();

/** One tab: the way to a folder, what is in it, and what can be done with it. */
export function FolderView({ tab, path }: { tab: BrowseTab; path: string | null }) {
  const list = useQuery(connectionsQuery);
  const specs = useQuery(connectorSpecs).data;
  const { at } = tab.here;
  const found = list.data?.find((one) => one.id === at);
  if (path === null || (at !== HERE && list.isPending)) return <Skeleton label={m.browse_loading_label()} lines={6} shape="rows" />;
  if (at !== HERE && !found)
    return (
      <EmptyState title={m.browse_gone_title()} actions={<Button onPress={() => tabs.go({ at: HERE, path: null })}>{m.this_computer()}</Button>}>
        {m.browse_gone_body()}
      </EmptyState>
    );
  const spec = specs?.find((one) => one.kind === found?.kind);
  if (found && spec && !spec.folders) return <NoFolders connection={found.id} name={found.name} title={inWords(spec).title} />;
  return <Folder tab={tab} place={{ connection: at === HERE ? null : at, path }} name={found?.name ?? m.this_computer()} kind={found?.kind ?? 'folder'} />;
}

function Folder({ tab, place, name, kind }: { tab: BrowseTab; place: PlaceView; name: string; kind: string }) {
  const { connection, path } = place;
  const abilities = useQuery(abilitiesQuery(connection)).data;
  const [kept, setSort] = useState<EntrySort>(keptSort);
  const [turn, setTurn] = useState(0);
  const before = keptResults(tab.id, tab.here.at, tab.here.sought ?? null);
  const begun = before.chosen.size > 0 || tab.reveal === null ? before.chosen : new Set([tab.reveal]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(begun);
  const [reveal, setReveal] = useState<string | null>([...begun][0] ?? null);
  const [order, setOrder] = useState<EntrySort | null>(before.sort);
  const finder = useRef<HTMLInputElement>(null);
  const menu = useContextMenu();
  const search = useSearch(tab, connection, path, abilities);
  const { sought } = search;
  const [shows, setShows] = useState(sought);
  if (shows !== sought) {
    // What was chosen among the results is not chosen in the folder, and the other way round; it is again when one is back.
    setShows(sought);
    setChosen(before.chosen);
    setReveal([...before.chosen][0] ?? null);
    setOrder(before.sort);
  }
  const own = useMemo(() => (abilities?.columns ?? []).map((column) => ({ key: column.key, title: sayIn(kind, column.title) })), [abilities, kind]);
  // An order by a column of another remote is none here.
  const sort = useMemo<EntrySort>(() => (!kept.column.startsWith('fact:') || own.some(({ key }) => kept.column === `fact:${key}`) ? kept : { column: 'name', direction: 'ascending' }), [kept, own]);
  const { rows: inFolder, loading, before: seenBefore, error } = useFolder(place, sort, turn);

  const find = search.draft.text;
  const wanted = useDeferredValue(sought === null ? find.trim().toLowerCase() : '');
  const found = useMemo(() => (order === null ? search.rows : search.rows.toSorted(comparing(order))), [search.rows, order]);
  const rows = sought === null ? inFolder : found;
  const columns = useColumns(kind, own, rows, sought !== null);
  const shown = useMemo(() => (wanted === '' ? rows : rows.filter((row) => row.find.includes(wanted))), [rows, wanted]);
  const entries = useMemo(() => (chosen.size === 0 ? [] : shown.filter((row) => chosen.has(row.key)).map((row) => row.entry)), [shown, chosen]);
  const [only] = entries.length === 1 ? entries : [];
  const choose = (keys: ReadonlySet<string>) => {
    setChosen(keys);
    if (sought !== null) keepResults(tab.id, tab.here.at, sought, { chosen: keys, sort: order });
  };
  const reload = sought === null ? () => setTurn((now) => now + 1) : search.again;
  const go = (to: string, from: string | null = null) => tabs.go({ at: tab.here.at, path: to }, from);
  const acts = useActs({
    place,
    name,
    abilities,
    entries,
    inResults: sought !== null,
    reload,
    onChosen: (key) => {
      choose(new Set([key]));
      setReveal(key);
    },
  });
  const up = sought === null ? parentOf(path) : path;
  const searchable = search.filters !== null;
  useCommands([
    { id: 'browse.find', title: searchable ? m.search_field : m.browse_find, keys: '/', run: () => finder.current?.focus() },
    { id: 'browse.search', title: m.search_on({ place: name }), enabled: searchable, run: () => (find.trim() === '' ? finder.current?.focus() : search.begin()) },
    { id: 'browse.leave-results', title: m.search_leave, keys: 'Esc', keyOnly: true, enabled: sought !== null, run: search.leave },
    { id: 'browse.reload', title: m.browse_reload, keys: 'F5', run: reload },
    { id: 'browse.up', title: m.browse_up, keys: 'Backspace  Alt ↑', enabled: up !== null, run: () => up !== null && go(up, sought === null ? path : null) },
    ...acts.commands,
  ]);

  const foundFor = sought === null ? null : sought.text === '' ? m.search_found() : m.search_found_for({ text: shownName(sought.text) });
  useSaidInHeadline(
    sought !== null
      ? stateOfSearch(search, entries, name, order !== null)
      : error && rows.length === 0
        ? m.browse_unread()
        : stateOf({ shown: shown.length, all: rows.length, filtered: wanted !== '', chosen: entries, loading, before: seenBefore }),
  );
  const list = (
    <List
      key={sought === null ? 'folder' : 'found'}
      connection={connection}
      rows={shown}
      columns={columns}
      {...(sought === null
        ? {
            sort,
            onSort: (next: EntrySort) => {
              setSort(next);
              keepSort(next);
            },
          }
        : {
            inFolder: true,
            onEnd: search.onEnd,
            sort: order ?? undefined,
            // A third time leads back to the order of the remote, which knows best what fits.
            onSort: (next: EntrySort) => {
              const to = order?.column === next.column && order.direction === 'descending' ? null : next;
              setOrder(to);
              keepResults(tab.id, tab.here.at, sought, { chosen, sort: to });
            },
          })}
      selected={chosen}
      onSelect={choose}
      reveal={reveal}
      onRevealed={() => setReveal(null)}
      renaming={acts.renaming}
      onRename={acts.rename}
      onMenu={(row, point) => menu.openAt(row, point)}
      onDrag={(count, event) => acts.drag(count, event)}
      onOpen={(row) => {
        if (row.entry.kind === 'folder' && row.entry.addressable) go(row.entry.path);
        else document.querySelector<HTMLElement>('#entry-side')?.focus();
      }}
    />
  );
  return (
    <div className={styles.folder} {...(sought === null ? { 'data-drop-connection': connection ?? HERE, 'data-drop-folder': path } : {})}>
      <h2 className={spoken.spoken}>{foundFor ?? `${name}:${shownName(path)}`}</h2>
      <Navigation
        tab={tab}
        place={place}
        name={name}
        results={foundFor}
        onReload={reload}
        acts={acts}
        finder={
          <SearchField
            label={searchable ? m.search_field() : m.browse_find()}
            value={find}
            onChange={(text) => search.type({ text })}
            shortcut="/"
            inputRef={finder}
            {...(searchable ? { onSubmit: () => search.begin() } : {})}
            onEscape={() => sought !== null && search.leave()}
          />
        }
      >
        {own.length > 0 ? (
          <span className={styles.spare}>
            <MenuButton
              label={m.browse_columns()}
              parts={columns.menu}
              trigger={
                <IconButton label={m.browse_columns()}>
                  <Columns3 aria-hidden size={15} />
                </IconButton>
              }
            />
          </span>
        ) : null}
        {abilities && sought === null ? <FolderTools place={place} connectionName={name} abilities={abilities} /> : null}
      </Navigation>
      <SearchBar search={search} name={name} path={path} kind={kind} />
      <Split
        side={
          only && abilities ? (
            <EntrySide key={only.path} place={place} connectionName={name} kind={kind} entry={only} abilities={abilities} onChanged={reload} onClose={() => choose(NOTHING)} />
          ) : null
        }
      >
        {sought !== null ? (
          <Results search={search} name={name} connection={connection}>
            {list}
          </Results>
        ) : null}
        {sought === null && error ? <FolderFailure error={error} name={name} connection={connection} path={path} onRetry={reload} /> : null}
        {sought !== null || (error && rows.length === 0) ? null : rows.length === 0 && loading ? (
          <Skeleton label={m.browse_loading_label()} lines={8} shape="rows" />
        ) : rows.length === 0 ? (
          <EmptyState
            title={m.browse_empty_title()}
            actions={
              <>
                {abilities?.write ? <Button onPress={() => acts.upload('files')}>{m.browse_upload_files()}</Button> : null}
                {abilities?.createFolder ? <Button onPress={acts.newFolder}>{m.browse_new_folder()}</Button> : null}
              </>
            }
          >
            {abilities?.write ? m.browse_empty_body() : m.browse_empty_closed()}
          </EmptyState>
        ) : shown.length === 0 ? (
          <EmptyState title={m.browse_none_title()} actions={<Button onPress={() => search.type({ text: '' })}>{m.show_all()}</Button>}>
            {loading ? m.browse_none_loading() : m.browse_none_body({ n: number(rows.length) })}
          </EmptyState>
        ) : (
          list
        )}
      </Split>
      <FileDrop at={connection ?? HERE} name={name} />
      <ContextMenu label={m.browse_acts()} parts={menuOf(acts)} control={menu} />
      <ActDialogs acts={acts} place={place} name={name} abilities={abilities} />
    </div>
  );
}
