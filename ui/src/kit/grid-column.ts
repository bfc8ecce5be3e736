import type { ReactNode } from 'react';

export interface GridColumn<T> {
  id: string;
  header: string;
  /** A track of a CSS grid. */
  track: string;
  /** Numbers stand at the end of their column and keep their width. */
  align?: 'end';
  /** Numbers that stand at its beginning and keep their width too. */
  figures?: boolean;
  /** Left out where the grid is narrow. */
  optional?: boolean;
  /** Its header sorts, where the grid has `onSort`. */
  sortable?: boolean;
  cell: (item: T) => ReactNode;
}

export interface GridSort {
  column: string;
  direction: 'ascending' | 'descending';
}

/** Pixels by the id of a column; a column that is not in it has its own track. */
export type GridWidths = Readonly<Record<string, number>>;

export const NARROWEST_COLUMN = 48;

/** The tracks of these columns. A width gives way where there is no room, so that the grid never scrolls sideways. */
export function tracksOf(columns: readonly GridColumn<never>[], widths: GridWidths, handle: boolean): string {
  const tracks = columns.map((column) => {
    const width = widths[column.id];
    return width === undefined ? column.track : `minmax(${NARROWEST_COLUMN}px, ${width}px)`;
  });
  return [...(handle ? ['4px'] : []), ...tracks].join(' ');
}
