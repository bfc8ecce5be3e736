import { File, Folder } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import type { EntryColumn, EntrySort, Row } from '@/domain/entries';
import { formatBytes } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { fileKind, shownName } from '@/domain/path';
import { DataGrid, type GridColumn, type GridLine } from '@/kit/data-grid';
import { FileIcon } from '@/kit/file-icon';
import { locale, m } from '@/messages';
import { useNow } from '@/parts/use-now';
import styles from './browse.module.css';

const COLUMNS: readonly { header: () => string; column: Omit<GridColumn<Row>, 'cell' | 'header'>; make: (row: Row) => ReactNode }[] = [
  { header: m.column_file, column: { id: 'name', track: 'minmax(160px, 1fr)', sortable: true }, make: (row) => <Name row={row} /> },
  { header: m.column_size, column: { id: 'size', track: '88px', align: 'end', sortable: true }, make: (row) => <Size row={row} /> },
  { header: m.browse_modified, column: { id: 'modified', track: '112px', figures: true, optional: true, sortable: true }, make: (row) => <Modified at={row.entry.modified} /> },
];

/** What is in a folder, however much that is. */
export function List({
  rows,
  sort,
  onSort,
  selected,
  onSelect,
  onOpen,
}: {
  rows: readonly Row[];
  sort: EntrySort;
  onSort: (sort: EntrySort) => void;
  selected: ReadonlySet<string>;
  onSelect: (keys: ReadonlySet<string>) => void;
  onOpen: (row: Row) => void;
}) {
  const lines = useMemo<GridLine<Row>[]>(() => rows.map((row) => ({ kind: 'row', key: row.key, item: row })), [rows]);
  return (
    <DataGrid
      label={m.browse_list()}
      columns={COLUMNS.map(({ column, header, make }) => ({ ...column, header: header(), cell: make }))}
      lines={lines}
      textOf={(row) => row.entry.name}
      selected={selected}
      onSelect={onSelect}
      sort={sort}
      onSort={({ column, direction }) => onSort({ column: column as EntryColumn, direction })}
      onOpen={(key) => {
        const row = rows.find((one) => one.key === key);
        if (row) onOpen(row);
      }}
    />
  );
}

function Name({ row: { entry } }: { row: Row }) {
  const name = shownName(entry.name);
  return (
    <span className={styles.name} title={name}>
      {entry.kind === 'folder' ? <Folder aria-hidden size={15} strokeWidth={1.6} /> : entry.kind === 'other' ? <File aria-hidden size={15} strokeWidth={1.6} /> : <FileIcon kind={fileKind(entry.name)} />}
      <bdi className={styles.cut}>{name}</bdi>
    </span>
  );
}

function Size({ row: { entry } }: { row: Row }) {
  return <span className={styles.muted}>{entry.kind === 'file' ? formatBytes(entry.size, locale()) : ''}</span>;
}

function Modified({ at }: { at: number | null }) {
  const now = useNow('minute');
  if (at === null) return null;
  return (
    <span className={styles.muted} title={formatExact(at, locale())}>
      {formatMoment(at, now, locale())}
    </span>
  );
}
