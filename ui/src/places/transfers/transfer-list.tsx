import { useMutation, useQuery } from '@tanstack/react-query';
import { type KeyboardEvent, useMemo } from 'react';
import { lastName, shownName } from '@/domain/path';
import { type ListPart, runOfKey } from '@/domain/transfer-list';
import { hasPlace } from '@/domain/transfer';
import type { RunView, TransferView } from '@/ipc';
import { Button } from '@/kit/button';
import { ContextMenu, useContextMenu } from '@/kit/context-menu';
import { DataGrid, type GridColumn, type GridLine } from '@/kit/data-grid';
import { EmptyState } from '@/kit/empty-state';
import { Skeleton } from '@/kit/skeleton';
import spoken from '@/kit/spoken.module.css';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { useGate } from '@/parts/metadata';
import { openSend } from '@/parts/open-dialog';
import { about as aboutQuery, connections as connectionsQuery, moveBefore, moveFirst, sendFiles } from '@/queries';
import { type Acts, actOfKey } from './acts';
import { EvidenceCell, NameCell, ProgressCell, SizeCell, TargetCell } from './cells';
import { fold } from './folded';
import { menuOf, runMenuOf } from './menus';
import { useOpenEnd } from './open-end';
import { RunLine } from './run-line';
import type { TransferList as List } from './use-transfer-list';
import styles from './transfers.module.css';

type Column = Omit<GridColumn<TransferView>, 'header'> & { header: () => string };

const COLUMNS: readonly Column[] = [
  { id: 'file', header: m.column_file, track: 'minmax(140px, 1.7fr)', cell: (transfer) => <NameCell transfer={transfer} /> },
  { id: 'to', header: m.column_to, track: 'minmax(100px, 1fr)', optional: true, cell: (transfer) => <TargetCell transfer={transfer} /> },
  { id: 'progress', header: m.column_progress, track: '104px', figures: true, cell: (transfer) => <ProgressCell transfer={transfer} /> },
  { id: 'size', header: m.column_size, track: '72px', align: 'end', optional: true, cell: (transfer) => <SizeCell transfer={transfer} /> },
  { id: 'evidence', header: m.column_evidence, track: '132px', cell: (transfer) => <EvidenceCell transfer={transfer} /> },
];

interface Props {
  list: List;
  narrowed: boolean;
  selected: ReadonlySet<string>;
  onSelect: (keys: ReadonlySet<string>) => void;
  chosen: readonly TransferView[];
  run: RunView | undefined;
  acts: Acts;
  onShowAll: () => void;
  onShowOnly: (run: string) => void;
}

function lineOf(part: ListPart): GridLine<TransferView> {
  switch (part.kind) {
    case 'row':
      return { kind: 'row', key: part.key, item: part.transfer };
    case 'gap':
      return { kind: 'gap', key: part.key, rows: part.rows };
    case 'run': {
      const title = shownName(part.run.title);
      return {
        kind: 'group',
        key: part.key,
        content: <RunLine run={part.run} />,
        fold: { open: part.open, label: part.open ? m.fold_run({ title }) : m.unfold_run({ title }), onFold: (open) => fold(part.run.id, open) },
      };
    }
  }
}

/** The runs with their transfers. Keys act on what is chosen: rows, or the run whose heading it is. */
export function TransferList({ list, narrowed, selected, onSelect, chosen, run, acts, onShowAll, onShowOnly }: Props) {
  const lines = useMemo(() => list.parts.map(lineOf), [list.parts]);
  const byId = useMemo(() => new Map(list.rows.map((row) => [row.id, row])), [list.rows]);
  const menu = useContextMenu();
  const openEnd = useOpenEnd();
  const failed = (reason: Error) => tellError(reason, m.place_transfers());
  const moving = useMutation({ ...moveBefore, onError: failed });
  const movingFirst = useMutation({ ...moveFirst, onError: failed });

  if (list.error) return <Unreadable reason={list.error} onAgain={list.again} />;
  if (list.loading) return <Skeleton shape="rows" lines={8} label={m.transfers_loading()} />;
  if (lines.length === 0) return list.looking ? <Skeleton shape="rows" lines={3} label={m.still_looking()} /> : <Nothing filtered={narrowed} onShowAll={onShowAll} />;

  function onKey(event: KeyboardEvent): boolean {
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    const own = run ?? (event.shiftKey ? list.runs.find((one) => one.id === chosen[0]?.run) : undefined);
    if (event.shiftKey) return event.key === 'Delete' && own !== undefined && acts.runAll('cancel', own);
    if (event.key.toLowerCase() === 't') return acts.first(chosen);
    if (event.key.toLowerCase() === 'o' && chosen[0]) return openEnd(chosen[0], 'destination');
    const act = actOfKey(event.key);
    if (act === undefined) return false;
    if (run) return acts.runAll(act, run);
    return chosen.length > 0 && acts.run(act, chosen);
  }

  function onMove(keys: readonly string[], before: string | null) {
    const moved = byId.get(keys[0] ?? '');
    const next = before === null ? undefined : byId.get(before);
    // Within a run: its own last place where it was let go behind it, the first where it was put before what has begun.
    if (next && next.run === moved?.run && !hasPlace(next)) movingFirst.mutate([...keys]);
    else moving.mutate({ ids: [...keys], before: next && next.run === moved?.run ? next.id : null });
  }

  return (
    <>
      <DataGrid
        label={m.place_transfers()}
        columns={COLUMNS.map((column) => ({ ...column, header: column.header() }))}
        lines={lines}
        textOf={(transfer) => transfer.name}
        selected={selected}
        onSelect={onSelect}
        onOpen={(key) => {
          const id = runOfKey(key);
          const part = list.parts.find((one) => one.key === key);
          if (id !== null && part?.kind === 'run') fold(id, !part.open);
          else document.querySelector<HTMLElement>('#transfer-side')?.focus();
        }}
        onEnd={list.onEnd}
        onShown={list.onShown}
        onKey={onKey}
        onMenu={(row, point) => menu.openAt(row, point)}
        reorder={{
          label: m.move_by_dragging(),
          can: (key) => hasPlace(byId.get(key)),
          onMove,
          told: (position, total) => m.moved_to({ position, total }),
        }}
      />
      {list.looking ? <p className={styles.looking}>{m.still_looking()}</p> : null}
      <ContextMenu
        label={m.place_transfers()}
        control={menu}
        parts={
          run
            ? runMenuOf(run, acts, () => onShowOnly(run.id))
            : menuOf(chosen, { acts, openEnd, run: list.runs.find((one) => one.id === chosen[0]?.run), showRun: onShowOnly })
        }
      />
    </>
  );
}

function Unreadable({ reason, onAgain }: { reason: unknown; onAgain: () => void }) {
  return (
    <div className={styles.notice}>
      <h2 className={spoken.spoken}>{m.list_unreadable()}</h2>
      <ErrorNotice reason={reason} about={m.place_transfers()} actions={<Button onPress={onAgain}>{m.read_again()}</Button>} />
    </div>
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
  const { samples = [], samplesTo = null } = useQuery(aboutQuery).data ?? {};
  const places = useQuery(connectionsQuery).data?.filter((one) => one.kind !== 'folder');
  const to = places?.find((one) => one.id === samplesTo) ?? places?.[0];
  const sending = useMutation({ ...sendFiles, onError: (reason) => tellError(reason, to?.name ?? m.this_computer()) });
  const gate = useGate();
  if (samples.length > 0 && to)
    return (
      <EmptyState
        title={m.empty_transfers_title()}
        actions={
          <>
            <Button
              tone="go"
              isDisabled={sending.isPending}
              onPress={() =>
                gate.asking() ||
                gate.through({ connection: to.id, path: '/' }, samples, (forms) => sending.mutate({ sources: samples, connection: to.id, folder: '/', conflict: 'ask', proof: 'matched', forms }))
              }
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
