// How somebody has set up Browse: columns, widths and order. Kept by the window, over a restart.
import type { EntryColumn, EntrySort } from '@/domain/entries';
import type { GridWidths } from '@/kit/data-grid';
import type { SizeMemory } from '@/kit/panes';

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs what was set up and nothing else.
  }
}

const TREE = 'waybill.browse-tree-width';
const WIDTHS = 'waybill.browse-widths';
const COLUMNS_OF = 'waybill.browse-columns';
const SORT = 'waybill.browse-sort';

/** How wide the tree is. */
export const treeWidth: SizeMemory = {
  read: () => {
    const kept = read(TREE);
    return typeof kept === 'number' ? kept : null;
  },
  write: (size) => write(TREE, size),
};

/** Columns that somebody asked for or left out, by their id; what is not in it is shown as usual. */
export type ColumnChoices = Record<string, boolean>;

export interface KeptColumns {
  widths: GridWidths;
  choices: ColumnChoices;
}

function pairsOf<T>(kept: unknown, isOne: (value: unknown) => value is T): Record<string, T> {
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter((pair): pair is [string, T] => isOne(pair[1])));
}

/** How the columns of connections of a kind were set up. Before kinds had their own, all had the same widths. */
export function keptColumns(kind: string): KeptColumns {
  const kept = pairsOf(read(COLUMNS_OF), (one): one is { widths?: unknown; choices?: unknown } => typeof one === 'object' && one !== null)[kind];
  return {
    widths: pairsOf(kept ? kept.widths : read(WIDTHS), (one): one is number => typeof one === 'number'),
    choices: pairsOf(kept?.choices, (one): one is boolean => typeof one === 'boolean'),
  };
}

export function keepColumns(kind: string, columns: KeptColumns): void {
  const kept = read(COLUMNS_OF);
  write(COLUMNS_OF, { ...(typeof kept === 'object' ? kept : {}), [kind]: columns });
}

const COLUMNS: readonly EntryColumn[] = ['name', 'size', 'modified'];

function isColumn(value: unknown): value is EntryColumn {
  return typeof value === 'string' && (value.startsWith('fact:') || COLUMNS.some((one) => one === value));
}

export function keptSort(): EntrySort {
  const kept = read(SORT) as Partial<Record<keyof EntrySort, unknown>> | null;
  const column = kept?.column;
  return { column: isColumn(column) ? column : 'name', direction: kept?.direction === 'descending' ? 'descending' : 'ascending' };
}

export function keepSort(sort: EntrySort): void {
  write(SORT, sort);
}
