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
  /** Pixels that it is to have at least, whatever was chosen and however narrow the grid is. */
  least?: number;
  /** With it the column is left out where there is no room for all; the highest goes first. */
  yields?: number;
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
    return width === undefined ? column.track : `minmax(${Math.min(width, column.least ?? NARROWEST_COLUMN)}px, ${width}px)`;
  });
  return [...(handle ? ['4px'] : []), ...tracks].join(' ');
}

/** Between two columns, and beside the first and the last; as the style sheet has it. */
const GAP = 14;
const EDGE = 20;

/** What a column takes before it counts as cut: what was chosen, where that is less, else the first length of its track. */
function needOf(column: GridColumn<never>, widths: GridWidths): number {
  const own = column.least ?? Number(/(\d+)px/.exec(column.track)?.[1] ?? NARROWEST_COLUMN);
  return Math.min(own, widths[column.id] ?? own);
}

/**
 * The columns for which there is room, in their order; what yields most is left out first. A column that was made wider
 * pushes none out: it gives way itself. All where the width is not known yet.
 */
export function fitting<T>(columns: readonly GridColumn<T>[], widths: GridWidths, width: number): readonly GridColumn<T>[] {
  const sum = (shown: readonly GridColumn<T>[]) => shown.reduce((all, one) => all + needOf(one, widths), 0) + GAP * (shown.length - 1) + 2 * EDGE;
  if (width <= 0) return columns;
  let shown = columns;
  while (sum(shown) > width) {
    const going = shown.reduce<GridColumn<T> | null>((most, one) => (one.yields !== undefined && one.yields >= (most?.yields ?? -Infinity) ? one : most), null);
    if (going === null) break;
    shown = shown.filter((one) => one !== going);
  }
  return shown;
}
