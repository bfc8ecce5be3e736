import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useRef, useState, type KeyboardEvent } from 'react';
import { formatNumber } from '@/domain/measure';
import { lastName } from '@/domain/path';
import { groupByRun, PACES } from '@/domain/transfer';
import type { PaceView, TransferCountsView, TransferView } from '@/ipc';
import { Button } from '@/kit/button';
import { Chips } from '@/kit/chips';
import { DataGrid, type GridColumn, type GridLine } from '@/kit/data-grid';
import { EmptyState } from '@/kit/empty-state';
import { Page } from '@/kit/page';
import { SearchField } from '@/kit/search-field';
import { Split } from '@/kit/split';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { openSend } from '@/parts/open-dialog';
import type { PlaceSearch } from '@/parts/place';
import { useCommands } from '@/parts/commands';
import { about as aboutQuery, connections as connectionsQuery, pauseAll, runs as runsQuery, sendFiles, transferCounts, transferPages } from '@/queries';
import { actOfKey, useActs } from './acts';
import { EvidenceCell, NameCell, ProgressCell, SizeCell, TargetCell } from './cells';
import { RunLine } from './run-line';
import { SpeedStrip } from './speed-strip';
import { TransferSide } from './transfer-side';
import styles from './transfers.module.css';

type Show = PaceView | 'all';

const COLUMNS: readonly { make: (transfer: TransferView) => React.ReactNode; column: Omit<GridColumn<TransferView>, 'cell' | 'header'>; header: () => string }[] = [
  { header: m.column_file, column: { id: 'file', track: 'minmax(140px, 1.5fr)' }, make: (transfer) => <NameCell transfer={transfer} /> },
  { header: m.column_to, column: { id: 'to', track: 'minmax(110px, 1.1fr)', optional: true }, make: (transfer) => <TargetCell transfer={transfer} /> },
  { header: m.column_progress, column: { id: 'progress', track: '118px', figures: true }, make: (transfer) => <ProgressCell transfer={transfer} /> },
  { header: m.column_size, column: { id: 'size', track: '78px', align: 'end', optional: true }, make: (transfer) => <SizeCell transfer={transfer} /> },
  { header: m.column_evidence, column: { id: 'evidence', track: '132px' }, make: (transfer) => <EvidenceCell transfer={transfer} /> },
];

export function Transfers() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const show: Show = PACES.find((pace) => pace === search.show) ?? 'all';
  const find = search.find ?? '';
  const finder = useRef<HTMLInputElement>(null);
  useCommands([{ id: 'transfers.find', title: m.key_find, keys: '/', run: () => finder.current?.focus(), keyOnly: true }]);

  const filter = { pace: show === 'all' ? null : show, text: find.trim() === '' ? null : find.trim(), run: null };
  const pages = useInfiniteQuery(transferPages(filter));
  const runs = useQuery(runsQuery).data ?? [];
  const counts = useQuery(transferCounts).data;
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = pages;

  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(search.chosen ? [search.chosen] : []));
  const chosen = rows.filter((row) => selected.has(row.id));
  const acts = useActs();

  const narrow = (change: PlaceSearch) => void navigate({ to: '/transfers', search: { ...search, ...change }, replace: true });
  const lines: GridLine<TransferView>[] = groupByRun(rows).flatMap((group) => [
    { kind: 'group' as const, key: `run:${group.run}`, content: <RunLine run={runs.find((run) => run.id === group.run)} /> },
    ...group.rows.map((row) => ({ kind: 'row' as const, key: row.id, item: row })),
  ]);

  function onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.shiftKey && event.key === 'Delete') return acts.cancelRuns(chosen);
    const act = actOfKey(event.key);
    return act !== undefined && chosen.length > 0 && acts.run(act, chosen);
  }

  return (
    <Page
      title={m.place_transfers()}
      sub={counts ? summary(counts) : ''}
      actions={
        <>
          <SearchField label={m.find_transfers()} value={find} onChange={(text) => narrow({ find: text })} shortcut="/" inputRef={finder} />
          <PauseAll counts={counts} />
          <Button tone="go" onPress={() => openSend([], null)}>
            {m.send_files()}
          </Button>
        </>
      }
    >
      <SpeedStrip />
      <div className={styles.chips}>
        <Chips label={m.filter_label()} chips={chips(counts)} chosen={show} onChoose={(id) => narrow({ show: id })} />
      </div>
      <div className={styles.columns}>
        <Split
          side={
            chosen.length > 0 ? (
              <TransferSide
                transfers={chosen}
                run={runs.find((run) => run.id === chosen[0]?.run)}
                acts={acts}
                onClose={() => setSelected(new Set())}
              />
            ) : null
          }
        >
          {pages.isError ? (
            <div className={styles.notice}>
              <ErrorNotice reason={pages.error} about={m.place_transfers()} />
            </div>
          ) : rows.length === 0 && pages.isSuccess ? (
            <Nothing filtered={filter.pace !== null || filter.text !== null} onShowAll={() => narrow({ show: 'all', find: '' })} />
          ) : (
            <DataGrid
              label={m.place_transfers()}
              columns={COLUMNS.map(({ column, header, make }) => ({ ...column, header: header(), cell: make }))}
              lines={lines}
              textOf={(transfer) => transfer.name}
              selected={selected}
              onSelect={setSelected}
              onOpen={() => document.querySelector<HTMLElement>('#transfer-side')?.focus()}
              onEnd={() => {
                if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
              }}
              onKey={onKey}
            />
          )}
        </Split>
      </div>
    </Page>
  );
}

function Nothing({ filtered, onShowAll }: { filtered: boolean; onShowAll: () => void }) {
  if (filtered)
    return (
      <EmptyState title={m.empty_filter_title()} actions={<Button onPress={onShowAll}>{m.show_all()}</Button>}>
        {m.empty_filter_body()}
      </EmptyState>
    );
  return <FirstStep />;
}

/** Nothing was sent yet: what to do first, and in a demo its documents, ready to go. */
function FirstStep() {
  const samples = useQuery(aboutQuery).data?.samples ?? [];
  const to = useQuery(connectionsQuery).data?.find((one) => one.kind !== 'folder');
  const sending = useMutation({ ...sendFiles, onError: (reason) => tellError(reason, to?.name ?? m.this_computer()) });
  if (samples.length > 0 && to)
    return (
      <EmptyState
        title={m.empty_transfers_title()}
        actions={
          <>
            <Button
              tone="go"
              isDisabled={sending.isPending}
              onPress={() => sending.mutate({ sources: samples, connection: to.id, folder: '/', conflict: 'ask', proof: 'matched' })}
            >
              {m.samples_send({ place: to.name })}
            </Button>
            <Button onPress={() => openSend([], null)}>{m.send_files()}</Button>
          </>
        }
      >
        {m.samples_body({ names: new Intl.ListFormat(locale()).format(samples.map(lastName)) })}
      </EmptyState>
    );
  return (
    <EmptyState
      title={m.empty_transfers_title()}
      actions={
        <Button tone="go" onPress={() => openSend([], null)}>
          {m.send_files()}
        </Button>
      }
    >
      {m.empty_transfers_body()}
    </EmptyState>
  );
}

/** Stops everything at the next part, or lets it go on where all that is open is stopped. */
function PauseAll({ counts }: { counts: TransferCountsView | undefined }) {
  const pausing = useMutation({ ...pauseAll, onError: (reason) => tellError(reason, m.place_transfers()) });
  const paused = counts?.paused ?? 0;
  const open = (counts?.running ?? 0) + (counts?.waiting ?? 0);
  const allStopped = paused > 0 && paused === open;
  return (
    <Button isDisabled={open === 0 || pausing.isPending} onPress={() => pausing.mutate(!allStopped)}>
      {allStopped ? m.resume_all() : m.pause_all()}
    </Button>
  );
}

function summary(counts: TransferCountsView): string {
  const number = (value: number) => formatNumber(value, locale());
  const parts = [
    counts.running > 0 ? m.transfers_running({ n: number(counts.running) }) : '',
    counts.waiting > 0 ? m.transfers_waiting({ n: number(counts.waiting) }) : '',
    counts.needsYou > 0 ? m.needs_you_count({ count: counts.needsYou, n: number(counts.needsYou) }) : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : m.transfers_quiet();
}

function chips(counts: TransferCountsView | undefined): { id: Show; label: string; count?: string | undefined }[] {
  const count = (value: number | undefined) => (value ? formatNumber(value, locale()) : undefined);
  return [
    { id: 'all', label: m.filter_all() },
    { id: 'running', label: m.filter_running(), count: count(counts?.running) },
    { id: 'waiting', label: m.filter_waiting(), count: count(counts?.waiting) },
    { id: 'needs-you', label: m.filter_needs_you(), count: count(counts?.needsYou) },
    { id: 'failed', label: m.filter_failed(), count: count(counts?.failed) },
    { id: 'done', label: m.filter_done(), count: count(counts?.done) },
  ];
}
