import { type PointerEvent, type ReactNode, useMemo } from 'react';
import type { EntryColumn, EntrySort, Row } from '@/domain/entries';
import { HERE } from '@/domain/spots';
import { DataGrid, type GridColumn, type GridLine } from '@/kit/data-grid';
import { m } from '@/messages';
import { Name } from './cells';
import { cancelEntryDrag } from './entry-drag';
import { RenameField } from './rename-field';
import { type Columns, NAME } from './use-columns';

function withName(cell: (row: Row) => ReactNode, { shown }: Columns): GridColumn<Row>[] {
  return [{ ...NAME, header: m.column_file(), cell }, ...shown];
}

/** What is in a folder, however much that is. */
export function List({
  connection,
  rows,
  columns,
  inFolder = false,
  sort,
  onSort,
  selected,
  onSelect,
  reveal,
  onRevealed,
  renaming,
  onRename,
  onMenu,
  onDrag,
  onOpen,
  onEnd,
}: {
  connection: string | null;
  rows: readonly Row[];
  /** What is shown beside the name. */
  columns: Columns;
  /** Whether each row says in which folder it lies. */
  inFolder?: boolean;
  /** Without one the order is the remote's. */
  sort?: EntrySort | undefined;
  onSort: (sort: EntrySort) => void;
  /** The last rows came into view. */
  onEnd?: () => void;
  selected: ReadonlySet<string>;
  onSelect: (keys: ReadonlySet<string>) => void;
  reveal: string | null;
  onRevealed: () => void;
  /** The entry whose name is being typed. */
  renaming: string | null;
  onRename: (path: string, name: string | null) => void;
  onMenu: (row: HTMLElement, point?: { x: number; y: number }) => void;
  onDrag: (row: Row, event: PointerEvent<HTMLElement>) => void;
  onOpen: (row: Row) => void;
}) {
  const lines = useMemo<GridLine<Row>[]>(() => rows.map((row) => ({ kind: 'row', key: row.key, item: row })), [rows]);
  const find = (key: string) => rows.find((one) => one.key === key);
  const name = (row: Row) =>
    renaming === row.entry.path ? (
      <RenameField name={row.entry.name} onDone={(to) => onRename(row.entry.path, to)} />
    ) : (
      <Name row={row} />
    );
  return (
    <DataGrid
      label={inFolder ? m.search_list() : m.browse_list()}
      columns={withName(name, columns)}
      lines={lines}
      textOf={(row) => row.entry.name}
      selected={selected}
      onSelect={onSelect}
      {...(sort ? { sort } : {})}
      onSort={({ column, direction }) => onSort({ column: column as EntryColumn, direction })}
      {...(onEnd ? { onEnd } : {})}
      widths={columns.widths}
      onWidths={columns.onWidths}
      reveal={reveal}
      onRevealed={onRevealed}
      onMenu={onMenu}
      onKey={(event) => event.key === 'Escape' && cancelEntryDrag()}
      marksOf={({ entry }) => (entry.kind === 'folder' && entry.addressable ? { 'data-drop-connection': connection ?? HERE, 'data-drop-folder': entry.path } : {})}
      onRowPointerDown={(key, event) => {
        const row = find(key);
        if (row && renaming === null) onDrag(row, event);
      }}
      onOpen={(key) => {
        const row = find(key);
        if (row) onOpen(row);
      }}
    />
  );
}
