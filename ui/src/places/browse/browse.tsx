import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { EntrySort } from '@/domain/entries';
import { formatNumber } from '@/domain/measure';
import { EmptyState } from '@/kit/empty-state';
import { Page } from '@/kit/page';
import { Select } from '@/kit/select';
import { Split } from '@/kit/split';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import type { PlaceSearch } from '@/parts/place';
import { abilities as abilitiesQuery, connections as connectionsQuery, homeFolder, useFolder } from '@/queries';
import { EntrySide } from './entry-side';
import { List } from './list';
import styles from './browse.module.css';

const HERE = 'this-computer';

export function Browse() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const home = useQuery(homeFolder).data;
  const connections = useQuery(connectionsQuery).data ?? [];
  const at = search.at ?? HERE;
  const path = search.path ?? (at === HERE ? home : '/');
  const go = (to: string, where?: string) => void navigate({ to: '/browse', search: { at: to, ...(where ? { path: where } : {}) } });
  return (
    <Page
      title={m.place_browse()}
      sub=""
      actions={
        <Select
          label={m.browse_where()}
          options={[{ id: HERE, label: m.this_computer() }, ...connections.map((one) => ({ id: one.id, label: one.name }))]}
          value={at}
          onChange={(id) => go(id)}
        />
      }
    >
      {path === undefined ? null : <Folder key={`${at}:${path}`} at={at} path={path} onGo={(where) => go(at, where)} />}
    </Page>
  );
}

function Folder({ at, path, onGo }: { at: string; path: string; onGo: (path: string) => void }) {
  const connection = at === HERE ? null : at;
  const found = useQuery(connectionsQuery).data?.find((one) => one.id === at);
  const abilities = useQuery(abilitiesQuery(connection)).data;
  const [sort, setSort] = useState<EntrySort>({ column: 'name', direction: 'ascending' });
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { rows, loading, error } = useFolder({ connection, path }, sort, 0);
  const [only] = chosen.size === 1 ? rows.filter((row) => chosen.has(row.key)) : [];
  const name = found?.name ?? m.this_computer();
  return (
    <Split
      side={
        only && abilities ? (
          <EntrySide
            key={only.key}
            place={{ connection, path }}
            connectionName={name}
            kind={found?.kind ?? 'folder'}
            entry={only.entry}
            abilities={abilities}
            onClose={() => setChosen(new Set())}
          />
        ) : null
      }
    >
      <p className={styles.state} role="status">
        {loading ? m.browse_loading({ n: formatNumber(rows.length, locale()) }) : m.browse_count({ count: rows.length, n: formatNumber(rows.length, locale()) })}
      </p>
      {error ? <ErrorNotice reason={error} about={name} /> : null}
      {rows.length === 0 && !loading && !error ? (
        <EmptyState title={m.browse_empty_title()}>{m.browse_empty_body()}</EmptyState>
      ) : (
        <List
          rows={rows}
          sort={sort}
          onSort={setSort}
          selected={chosen}
          onSelect={setChosen}
          onOpen={(row) => {
            if (row.entry.kind === 'folder' && row.entry.addressable) onGo(row.entry.path);
            else document.querySelector<HTMLElement>('#entry-side')?.focus();
          }}
        />
      )}
    </Split>
  );
}
