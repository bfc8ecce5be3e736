import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { ArrowDownUp } from 'lucide-react';
import { useRef, useState } from 'react';
import { secretEnd } from '@/domain/expiry';
import { formatNumber } from '@/domain/measure';
import type { ConnectionView, PowerView } from '@/ipc';
import { Button } from '@/kit/button';
import { Chips } from '@/kit/chips';
import { ContextMenu, useContextMenu } from '@/kit/context-menu';
import { EmptyState } from '@/kit/empty-state';
import { MenuButton } from '@/kit/menu';
import { Page } from '@/kit/page';
import { SearchField } from '@/kit/search-field';
import { Skeleton } from '@/kit/skeleton';
import { Split } from '@/kit/split';
import { inWords, locale, m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { openAddConnection, openExchanges, openImport, openSend, openTask } from '@/parts/open-dialog';
import type { PlaceSearch } from '@/parts/place';
import { rememberSorting, sorting as rememberedSorting } from '@/parts/remembered';
import { useNow } from '@/parts/use-now';
import { about as aboutQuery, attention as attentionQuery, connectionFacts, connections as connectionsQuery, connectorSpecs, demoState, joinDemo } from '@/queries';
import { actsOn } from './acts';
import { Cards } from './cards';
import { ConnectionSide } from './connection-side';
import styles from './connections.module.css';
import { type Sorting, sorted, whereLine } from './describe';
import { lacksPower } from './powers';
import { runTests, useRunningTests } from './test-runs';

const SORTINGS: Record<Sorting, () => string> = { name: m.sort_name, health: m.sort_health, used: m.sort_used, kind: m.sort_kind };
const PLACE = 'connections';

/** Which cards are shown. */
type Look = 'all' | 'ill' | 'waiting';

export function Connections() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const now = useNow('minute');
  const list = useQuery(connectionsQuery);
  const specs = (useQuery(connectorSpecs).data ?? []).map(inWords);
  const open = useQuery(attentionQuery).data ?? [];
  const menu = useContextMenu();
  const finding = useRef<HTMLInputElement>(null);
  const [several, setSeveral] = useState<ReadonlySet<string>>(new Set());
  const [sorting, setSorting] = useState<Sorting>(() => rememberedSorting(PLACE, Object.keys(SORTINGS) as Sorting[]) ?? 'name');
  const testing = useRunningTests();
  const demo = useQuery(demoState).data?.connections ?? [];

  const all = list.data ?? [];
  const end = (one: ConnectionView) => secretEnd(one, now);
  const isIll = (one: ConnectionView) =>
    one.health === 'failed' || one.health === 'stopped' || (end(one)?.look ?? 'fine') !== 'fine' || open.some((asked) => asked.connection === one.id && asked.transfer === null);
  const looks: Record<Look, (one: ConnectionView) => boolean> = { all: () => true, ill: isIll, waiting: (one) => one.waiting > 0 };
  const look: Look = search.show === 'ill' || search.show === 'waiting' ? search.show : 'all';
  const text = (search.find ?? '').trim().toLowerCase();
  const specOf = (one: ConnectionView) => specs.find((spec) => spec.kind === one.kind);
  const matches = (one: ConnectionView) =>
    text === '' || [one.name, whereLine(one, specOf(one)), ...one.settings.map(({ value }) => value)].join(' ').toLowerCase().includes(text);
  const shown = sorted(all.filter((one) => looks[look](one) && matches(one)), sorting, end);

  const chosen = all.find((one) => one.id === search.chosen);
  const picked = several.size > 1 ? all.filter((one) => several.has(one.id)) : chosen ? [chosen] : [];
  const go = (change: Partial<Record<keyof PlaceSearch, string | undefined>>) => {
    const next = { ...search, ...change };
    const kept = Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined && value !== ''));
    void navigate({ to: '/connections', search: kept, replace: true });
  };
  function choose(ids: ReadonlySet<string>) {
    setSeveral(ids);
    go({ chosen: ids.size === 1 ? [...ids][0] : undefined });
  }
  const ids = picked.map((one) => one.id);
  const test = () => void runTests(ids.length > 0 ? ids : shown.map((one) => one.id));
  const browse = (id: string) => void navigate({ to: '/browse', search: { at: id } });
  const first = picked.length === 1 ? picked[0] : undefined;
  const spec = first && specOf(first);
  const facts = useQuery({ ...connectionFacts(first?.id ?? ''), enabled: first !== undefined }).data;
  const acts = actsOn(picked, spec, facts, test, browse);
  const can = (power: PowerView) => first !== undefined && !lacksPower(facts, power);

  useCommands([
    { id: 'connections.add', title: m.add_connection, keys: 'N', run: openAddConnection },
    { id: 'connections.import', title: m.import_title, keys: 'I', run: openImport },
    { id: 'connections.test', title: m.key_test, keys: 'T', enabled: shown.length > 0, run: test },
    { id: 'connections.browse', title: m.browse_connection, keys: 'B', enabled: can('list') && spec?.folders !== false, run: () => first && browse(first.id) },
    { id: 'connections.edit', title: m.key_edit, keys: 'E', enabled: first !== undefined, run: () => first && openTask({ kind: 'edit-connection', id: first.id }) },
    { id: 'connections.duplicate', title: m.key_duplicate, keys: 'D', enabled: first !== undefined, run: () => first && openTask({ kind: 'duplicate-connection', id: first.id }) },
    { id: 'connections.rename', title: m.key_rename, keys: 'F2', enabled: first !== undefined, run: () => first && openTask({ kind: 'rename-connection', id: first.id }) },
    { id: 'connections.send', title: m.key_send_here, keys: 'S', enabled: can('write'), run: () => first && openSend([], first.id) },
    { id: 'connections.said', title: m.said_open_one, enabled: spec?.exchanges === true, run: () => first && openExchanges(first.name) },
    { id: 'connections.remove', title: m.key_remove, keys: 'Delete', enabled: ids.length > 0, run: () => openTask({ kind: 'remove-connections', ids }) },
    { id: 'connections.find', title: m.key_find_connection, keys: '/', run: () => finding.current?.focus(), keyOnly: true },
    { id: 'connections.clear', title: m.key_clear, keys: 'Esc', run: () => choose(new Set()), keyOnly: true },
  ]);

  const number = (value: number) => formatNumber(value, locale());
  const ill = all.filter(isIll).length;
  return (
    <Page
      title={m.place_connections()}
      sub={list.data && list.data.length > 0 ? subOf(all.length, ill, testing) : list.data ? m.connections_none() : ''}
      actions={
        <>
          <Button shortcut="I" onPress={openImport}>
            {m.import_open()}
          </Button>
          <Button tone="go" shortcut="N" onPress={openAddConnection}>
            {m.add_connection()}
          </Button>
        </>
      }
    >
      <Split
        side={
          chosen && several.size <= 1 ? (
            <ConnectionSide
              key={chosen.id}
              connection={chosen}
              spec={specOf(chosen)}
              question={open.find((one) => one.connection === chosen.id && one.transfer === null)}
              acts={acts}
              onTest={test}
              onClose={() => choose(new Set())}
            />
          ) : null
        }
      >
        {all.length > 0 ? (
          <div className={styles.bar}>
            <SearchField label={m.find_connections()} value={search.find ?? ''} onChange={(find) => go({ find })} shortcut="/" inputRef={finding} />
            <Chips
              label={m.connections_show()}
              chosen={look}
              onChoose={(show) => go({ show: show === 'all' ? undefined : show })}
              chips={[
                { id: 'all', label: m.show_every(), count: number(all.length) },
                { id: 'ill', label: m.show_ill(), count: ill > 0 ? number(ill) : undefined },
                { id: 'waiting', label: m.show_waiting(), count: number(all.filter((one) => one.waiting > 0).length) },
              ]}
            />
            <span className={styles.push}>
              {picked.length > 1 ? (
                <Button shortcut="T" onPress={test}>
                  {m.test_several({ n: number(picked.length) })}
                </Button>
              ) : picked.length === 0 && shown.length > 0 ? (
                <Button shortcut="T" isDisabled={testing > 0} onPress={test}>
                  {m.test_all()}
                </Button>
              ) : null}
              <MenuButton
                label={m.sort_by()}
                trigger={
                  <Button tone="quiet">
                    <ArrowDownUp aria-hidden size={14} />
                    {SORTINGS[sorting]()}
                  </Button>
                }
                parts={[
                  {
                    id: 'sort',
                    title: m.sort_by(),
                    acts: (Object.keys(SORTINGS) as Sorting[]).map((id) => ({
                      id,
                      label: SORTINGS[id](),
                      run: () => {
                        setSorting(id);
                        rememberSorting(PLACE, id);
                      },
                    })),
                  },
                ]}
              />
            </span>
          </div>
        ) : null}
        <div className={styles.scroll}>
          {list.isError ? (
            <div className={styles.failed}>
              <ErrorNotice reason={list.error} about={m.place_connections()} />
              <Button onPress={() => void list.refetch()}>{m.act_retry()}</Button>
            </div>
          ) : null}
          {list.isPending ? <Skeleton label={m.connections_loading()} shape="card" /> : null}
          {list.data?.length === 0 ? <NoConnections /> : null}
          {all.length > 0 && shown.length === 0 ? (
            <EmptyState title={m.none_found_title()} actions={<Button onPress={() => go({ find: undefined, show: undefined })}>{m.show_all_again()}</Button>}>
              {m.none_found_body()}
            </EmptyState>
          ) : null}
          {shown.length > 0 ? (
            <Cards
              connections={shown}
              specs={specs}
              open={open}
              demo={demo}
              chosen={several.size > 1 ? several : new Set(chosen ? [chosen.id] : [])}
              menu={menu}
              onChoose={choose}
            />
          ) : null}
        </div>
      </Split>
      <ContextMenu label={m.more_acts()} parts={acts} control={menu} />
    </Page>
  );
}

/** “5 connections, 1 needs you”, and what is going on. */
function subOf(all: number, ill: number, testing: number): string {
  const number = (value: number) => formatNumber(value, locale());
  const parts = [m.connections_count({ count: all, n: number(all) })];
  if (testing > 0) parts.push(m.connections_testing({ n: number(testing) }));
  else parts.push(ill > 0 ? m.connections_ill({ count: ill, n: number(ill) }) : m.connections_sub());
  return parts.join(', ');
}

/** Three ways in. The demo is joined here; its documents and what comes next are shown where the day begins. */
function NoConnections() {
  const about = useQuery(aboutQuery).data;
  const client = useQueryClient();
  const navigate = useNavigate();
  const joining = useMutation({
    ...joinDemo,
    onSuccess: (demo) => {
      client.setQueryData(demoState.queryKey, demo);
      void navigate({ to: '/today' as '/transfers' });
    },
    onError: (reason) => tellError(reason, m.first_demo()),
  });
  return (
    <EmptyState
      title={m.empty_connections_title()}
      actions={
        <>
          {about?.demo ? null : (
            <Button isDisabled={joining.isPending} onPress={() => joining.mutate()}>
              {m.first_demo()}
            </Button>
          )}
          <Button onPress={openImport} shortcut="I">
            {m.empty_import()}
          </Button>
          <Button tone="go" onPress={openAddConnection} shortcut="N">
            {m.add_connection()}
          </Button>
        </>
      }
    >
      {m.empty_connections_body()} {about?.demo ? null : m.empty_demo()}
    </EmptyState>
  );
}
