import { CornerUpRight, File, Folder } from 'lucide-react';
import { type PointerEvent, type ReactNode, useMemo, useState } from 'react';
import { type EntryColumn, type EntrySort, factOf, type Row } from '@/domain/entries';
import { formatBytes } from '@/domain/measure';
import { formatDate, formatExact, formatMoment, momentIn } from '@/domain/moment';
import { fileKind, folderOf, shownName } from '@/domain/path';
import { HERE } from '@/domain/spots';
import { DataGrid, type GridColumn, type GridLine } from '@/kit/data-grid';
import { FileIcon } from '@/kit/file-icon';
import { Tag } from '@/kit/tag';
import { locale, m } from '@/messages';
import { useNow } from '@/parts/use-now';
import styles from './browse.module.css';
import { cancelEntryDrag } from './entry-drag';
import { keepWidths, keptWidths } from './memory';
import { RenameField } from './rename-field';

/** A column of the remote's own, called as its reader calls it. */
export interface OwnColumn {
  key: string;
  title: string;
}

/** From name to time. What the remote tells beside stands between name and size, and folds away first. */
function columnsOf(name: (row: Row) => ReactNode, own: readonly OwnColumn[], sortable: boolean, inFolder: boolean): GridColumn<Row>[] {
  return [
    { id: 'name', header: m.column_file(), track: 'minmax(160px, 1fr)', sortable, cell: name },
    ...(inFolder ? [{ id: 'folder', header: m.search_in_folder(), track: 'minmax(80px, 0.6fr)', cell: (row: Row) => <InFolder row={row} /> }] : []),
    ...own.map(({ key, title }) => ({ id: `fact:${key}`, header: title, track: 'minmax(64px, 124px)', optional: true, sortable, cell: (row: Row) => <Fact text={factOf(row.entry, key)} /> })),
    { id: 'size', header: m.column_size(), track: '88px', align: 'end', sortable, cell: (row) => <Size row={row} /> },
    { id: 'modified', header: m.browse_modified(), track: '112px', figures: true, optional: true, sortable, cell: (row) => <Modified at={row.entry.modified} /> },
  ];
}

/** What is in a folder, however much that is. */
export function List({
  connection,
  rows,
  own,
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
  own: readonly OwnColumn[];
  /** Whether each row says in which folder it lies. */
  inFolder?: boolean;
  /** Without one the order is the remote's. */
  sort?: EntrySort | undefined;
  onSort?: (sort: EntrySort) => void;
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
  const [widths, setWidths] = useState(keptWidths);
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
      columns={columnsOf(name, own, onSort !== undefined, inFolder)}
      lines={lines}
      textOf={(row) => row.entry.name}
      selected={selected}
      onSelect={onSelect}
      {...(sort && onSort ? { sort, onSort: ({ column, direction }) => onSort({ column: column as EntryColumn, direction }) } : {})}
      {...(onEnd ? { onEnd } : {})}
      widths={widths}
      onWidths={(next) => {
        setWidths(next);
        keepWidths(next);
      }}
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

function Name({ row: { entry } }: { row: Row }) {
  const name = shownName(entry.name);
  return (
    <span className={styles.name} title={name}>
      <Icon row={entry} />
      <bdi className={styles.cut}>{name}</bdi>
      {entry.link ? (
        <span className={styles.link} title={m.browse_link()}>
          <CornerUpRight aria-label={m.browse_link()} size={12} />
        </span>
      ) : null}
      {entry.addressable ? null : <Tag tone="warn">{m.browse_unspellable()}</Tag>}
      {entry.kind === 'other' ? <Tag tone="plain">{m.browse_other()}</Tag> : null}
    </span>
  );
}

function Icon({ row }: { row: Row['entry'] }) {
  if (row.kind === 'folder') return <Folder aria-hidden className={styles.folderIcon} size={15} strokeWidth={1.6} />;
  if (row.kind === 'other') return <File aria-hidden className={styles.folderIcon} size={15} strokeWidth={1.6} />;
  return <FileIcon kind={fileKind(row.name)} />;
}

function InFolder({ row: { entry } }: { row: Row }) {
  const folder = shownName(folderOf(entry.path).replace(/(?<=.)\/$/, ''));
  return (
    <span className={`${styles.muted} ${styles.cut}`} title={folder}>
      <bdi>{folder}</bdi>
    </span>
  );
}

function Fact({ text }: { text: string }) {
  const now = useNow('minute');
  const at = momentIn(text);
  return (
    <span className={`${styles.muted} ${styles.cut}`} title={at === null ? shownName(text) : formatExact(at, locale())}>
      {at === null ? <bdi>{shownName(text)}</bdi> : formatDate(at, now, locale())}
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
