import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useMemo, useRef, useState } from 'react';
import type { EntrySort } from '@/domain/entries';
import { formatBytes, formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { type BrowseTab, HERE, parentOf, type Spot } from '@/domain/spots';
import type { EntryView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { ContextMenu, useContextMenu } from '@/kit/context-menu';
import { EmptyState } from '@/kit/empty-state';
import { SearchField } from '@/kit/search-field';
import { Skeleton } from '@/kit/skeleton';
import { Split } from '@/kit/split';
import spoken from '@/kit/spoken.module.css';
import { locale, m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { DROP_FOLDER, DROP_TARGET, useDrag } from '@/parts/drag';
import { abilities as abilitiesQuery, connections as connectionsQuery, useFolder } from '@/queries';
import { ActDialogs } from './act-dialogs';
import styles from './browse.module.css';
import { EntrySide } from './entry-side';
import { FolderTools } from './folder-tools';
import { FolderFailure } from './folder-failure';
import { useSaidInHeadline } from './headline';
import { List } from './list';
import { keepSort, keptSort } from './memory';
import { menuOf } from './menus';
import { Navigation } from './navigation';
import { tabs } from './tabs-state';
import { useActs } from './use-acts';

const NOTHING: ReadonlySet<string> = new Set();

/** One tab: the way to a folder, what is in it, and what can be done with it. */
export function FolderView({ tab, path }: { tab: BrowseTab; path: string | null }) {
  const list = useQuery(connectionsQuery);
  const { at } = tab.here;
  const found = list.data?.find((one) => one.id === at);
  if (path === null || (at !== HERE && list.isPending)) return <Skeleton label={m.browse_loading_label()} lines={6} shape="rows" />;
  if (at !== HERE && !found)
    return (
      <EmptyState title={m.browse_gone_title()} actions={<Button onPress={() => tabs.go({ at: HERE, path: null })}>{m.this_computer()}</Button>}>
        {m.browse_gone_body()}
      </EmptyState>
    );
  return <Folder tab={tab} place={{ connection: at === HERE ? null : at, path }} name={found?.name ?? m.this_computer()} kind={found?.kind ?? 'folder'} />;
}

function Folder({ tab, place, name, kind }: { tab: BrowseTab; place: PlaceView; name: string; kind: string }) {
  const { connection, path } = place;
  const abilities = useQuery(abilitiesQuery(connection)).data;
  const [sort, setSort] = useState<EntrySort>(keptSort);
  const [turn, setTurn] = useState(0);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(tab.reveal === null ? NOTHING : new Set([tab.reveal]));
  const [reveal, setReveal] = useState<string | null>(tab.reveal);
  const [find, setFind] = useState('');
  const finder = useRef<HTMLInputElement>(null);
  const menu = useContextMenu();
  const { rows, loading, before, error } = useFolder(place, sort, turn);

  const wanted = useDeferredValue(find.trim().toLowerCase());
  const shown = useMemo(() => (wanted === '' ? rows : rows.filter((row) => row.find.includes(wanted))), [rows, wanted]);
  const entries = useMemo(() => (chosen.size === 0 ? [] : shown.filter((row) => chosen.has(row.key)).map((row) => row.entry)), [shown, chosen]);
  const [only] = entries.length === 1 ? entries : [];
  const reload = () => setTurn((now) => now + 1);
  const go = (spot: Spot, from?: string) => tabs.go(spot, from ?? null);
  const acts = useActs({
    place,
    name,
    abilities,
    entries,
    reload,
    onChosen: (key) => {
      setChosen(new Set([key]));
      setReveal(key);
    },
  });
  const up = parentOf(path);
  useCommands([
    { id: 'browse.find', title: m.browse_find, keys: '/', run: () => finder.current?.focus() },
    { id: 'browse.reload', title: m.browse_reload, keys: 'F5', run: reload },
    { id: 'browse.up', title: m.browse_up, keys: 'Backspace  Alt ↑', enabled: up !== null, run: () => up !== null && go({ ...tab.here, path: up }, path) },
    ...acts.commands,
  ]);

  const number = (value: number) => formatNumber(value, locale());
  useSaidInHeadline(
    error && rows.length === 0
      ? m.browse_unread()
      : stateOf({ shown: shown.length, all: rows.length, filtered: wanted !== '', chosen: entries, loading, before, number }),
  );
  return (
    <div className={styles.folder} data-drop-connection={connection ?? HERE} data-drop-folder={path}>
      <h2 className={spoken.spoken}>{`${name}:${shownName(path)}`}</h2>
      <Navigation
        tab={tab}
        place={place}
        name={name}
        onReload={reload}
        acts={acts}
        finder={<SearchField label={m.browse_find()} value={find} onChange={setFind} shortcut="/" inputRef={finder} />}
      >
        {abilities ? <FolderTools place={place} connectionName={name} abilities={abilities} /> : null}
      </Navigation>
      <Split
        side={
          only && abilities ? (
            <EntrySide key={only.path} place={place} connectionName={name} kind={kind} entry={only} abilities={abilities} onClose={() => setChosen(NOTHING)} />
          ) : null
        }
      >
        {error ? <FolderFailure error={error} name={name} connection={connection} path={path} onRetry={reload} /> : null}
        {error && rows.length === 0 ? null : rows.length === 0 && loading ? (
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
          <EmptyState title={m.browse_none_title()} actions={<Button onPress={() => setFind('')}>{m.show_all()}</Button>}>
            {loading ? m.browse_none_loading() : m.browse_none_body({ n: number(rows.length) })}
          </EmptyState>
        ) : (
          <List
            connection={connection}
            rows={shown}
            sort={sort}
            onSort={(next) => {
              setSort(next);
              keepSort(next);
            }}
            selected={chosen}
            onSelect={setChosen}
            reveal={reveal}
            onRevealed={() => setReveal(null)}
            renaming={acts.renaming}
            onRename={acts.rename}
            onMenu={(row, point) => menu.openAt(row, point)}
            onDrag={(count, event) => acts.drag(count, event)}
            onOpen={(row) => {
              if (row.entry.kind === 'folder' && row.entry.addressable) go({ ...tab.here, path: row.entry.path });
              else document.querySelector<HTMLElement>('#entry-side')?.focus();
            }}
          />
        )}
      </Split>
      <FileDrop at={connection ?? HERE} name={name} />
      <ContextMenu label={m.browse_acts()} parts={menuOf(acts)} control={menu} />
      <ActDialogs acts={acts} place={place} name={name} versions={abilities?.versions ?? false} />
    </div>
  );
}

/** Where files of the operating system would go that are held over the list: in words, and marked. */
function FileDrop({ at, name }: { at: string; name: string }) {
  const held = useDrag();
  const folder = held?.connection === at ? (held.folder ?? null) : null;
  useEffect(() => {
    if (folder === null) return;
    const targets = [...document.querySelectorAll(`[${DROP_FOLDER}]`)];
    const under = targets.find((one) => one.getAttribute(DROP_FOLDER) === folder && one.getAttribute(DROP_TARGET) === at);
    under?.setAttribute('data-drop-over', '');
    return () => under?.removeAttribute('data-drop-over');
  }, [at, folder]);
  if (held === null || folder === null || folder === '') return null;
  return (
    <p className={styles.drop}>
      {m.browse_drop({ count: held.files, n: formatNumber(held.files, locale()), place: `${name}:${shownName(folder)}` })}
    </p>
  );
}

function stateOf({ shown, all, filtered, chosen, loading, before, number }: { shown: number; all: number; filtered: boolean; chosen: readonly EntryView[]; loading: boolean; before: boolean; number: (value: number) => string }): string {
  const parts = [
    filtered ? m.browse_count_found({ n: number(shown), all: number(all) }) : loading && !before ? (all === 0 ? m.browse_loading_label() : m.browse_loading({ n: number(all) })) : m.browse_count({ count: all, n: number(all) }),
    filtered && loading ? m.browse_still() : '',
    loading && before ? m.browse_again() : '',
    chosen.length > 0 ? m.browse_chosen({ count: chosen.length, n: number(chosen.length) }) : '',
    chosen.length > 1 && chosen.every((entry) => entry.kind === 'file') ? formatBytes(chosen.reduce((sum, entry) => sum + (entry.size ?? 0), 0), locale()) : '',
  ];
  return parts.filter(Boolean).join(' · ');
}
