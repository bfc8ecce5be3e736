// The columns of Browse: which there are, which are shown, and how wide. What was chosen is kept for each kind of connection.
import { useMemo, useState } from 'react';
import { type FactLook, isTechnical, KIND, lookOf, widthOf } from '@/domain/facts';
import type { Row } from '@/domain/entries';
import type { GridColumn, GridWidths } from '@/kit/data-grid';
import type { MenuPart } from '@/kit/menu';
import { m } from '@/messages';
import { Fact, InFolder, Modified, Size } from './cells';
import { type ColumnChoices, keepColumns, keptColumns } from './memory';

/** A column of the remote's own, called as its reader calls it. */
export interface OwnColumn {
  key: string;
  title: string;
}

export interface Columns {
  /** All that are shown where there is room, but for the name. */
  shown: readonly GridColumn<Row>[];
  widths: GridWidths;
  onWidths: (widths: GridWidths) => void;
  /** Each with a tick, to be shown or left out. */
  menu: readonly MenuPart[];
}

/** The name takes what is left. */
export const NAME: Omit<GridColumn<Row>, 'cell' | 'header'> = { id: 'name', track: 'minmax(160px, 1fr)', least: 220, sortable: true };

interface Offered {
  column: GridColumn<Row>;
  /** Shown without anybody having chosen so. */
  usual: boolean;
  /** Nothing in the listing has it. */
  empty: boolean;
}

/** A column of the remote's own. The first of them is what it is looked at for, so it stays longest. */
function ownColumn({ key, title }: OwnColumn, at: number, look: FactLook): Offered {
  const width = widthOf(look, title);
  const technical = isTechnical(key);
  return {
    column: {
      id: `fact:${key}`,
      header: title,
      track: `minmax(${Math.min(width, 72)}px, ${width}px)`,
      least: Math.min(width, 130),
      // What it is says its sign as well.
      yields: technical ? 99 : key === KIND ? 60 : at === 0 ? 20 : 40 + at,
      sortable: true,
      ...(look.kind === 'number' ? { align: 'end' as const } : {}),
      ...(look.kind === 'day' ? { figures: true } : {}),
      cell: (row) => <Fact entry={row.entry} column={key} kind={look.kind} />,
    },
    usual: !technical && !look.empty,
    empty: look.empty,
  };
}

function offered(own: readonly OwnColumn[], rows: readonly Row[]): Offered[] {
  // Without columns of its own there is room, and the list stands still.
  const plain = own.length === 0;
  const lacks = (has: (row: Row) => boolean) => !plain && !rows.some(has);
  const [unsized, undated] = [lacks(({ entry }) => entry.kind === 'file'), lacks(({ entry }) => entry.modified !== null)];
  return [
    ...own.map((one, at) => ownColumn(one, at, lookOf(rows, one.key))),
    { column: { id: 'size', header: m.column_size(), track: '88px', align: 'end', ...(plain ? {} : { yields: 10 }), sortable: true, cell: (row) => <Size row={row} /> }, usual: !unsized, empty: unsized },
    { column: { id: 'modified', header: m.browse_modified(), track: '112px', figures: true, ...(plain ? { optional: true } : { yields: 30 }), sortable: true, cell: (row) => <Modified at={row.entry.modified} /> }, usual: !undated, empty: undated },
  ];
}

const FOLDER = (): GridColumn<Row> => ({ id: 'folder', header: m.search_in_folder(), track: 'minmax(110px, 0.6fr)', yields: 5, sortable: true, cell: (row) => <InFolder row={row} /> });

/** `rows` is everything that is listed, whatever of it is looked at: a column that is empty in all of it gives way. */
export function useColumns(kind: string, own: readonly OwnColumn[], rows: readonly Row[], inFolder: boolean): Columns {
  const [kept, setKept] = useState(() => keptColumns(kind));
  const all = useMemo(() => offered(own, rows), [own, rows]);
  return useMemo(() => {
    const change = (next: typeof kept) => {
      setKept(next);
      keepColumns(kind, next);
    };
    const isShown = ({ column, usual }: Offered) => kept.choices[column.id] ?? usual;
    // What somebody asked for goes last.
    const chosen = all.filter(isShown).map(({ column }) => (kept.choices[column.id] && column.yields !== undefined ? { ...column, yields: column.yields - 100 } : column));
    const turn = (one: Offered) => {
      const choices: ColumnChoices = { ...kept.choices, [one.column.id]: !isShown(one) };
      if (choices[one.column.id] === one.usual) delete choices[one.column.id];
      change({ ...kept, choices });
    };
    return {
      shown: [...(inFolder ? [FOLDER()] : []), ...chosen],
      widths: kept.widths,
      onWidths: (widths) => change({ ...kept, widths }),
      menu: [
        {
          id: 'columns',
          title: m.browse_columns_title(),
          acts: all.map((one) => ({
            id: one.column.id,
            label: one.empty ? m.browse_column_empty({ column: one.column.header }) : one.column.header,
            checked: isShown(one),
            run: () => turn(one),
          })),
        },
      ],
    };
  }, [all, kept, kind, inFolder]);
}
