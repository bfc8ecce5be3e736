// How somebody has set up Browse: widths and order. Kept by the window, over a restart.
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
const SORT = 'waybill.browse-sort';

/** How wide the tree is. */
export const treeWidth: SizeMemory = {
  read: () => {
    const kept = read(TREE);
    return typeof kept === 'number' ? kept : null;
  },
  write: (size) => write(TREE, size),
};

export function keptWidths(): GridWidths {
  const kept = read(WIDTHS);
  if (typeof kept !== 'object' || kept === null) return {};
  return Object.fromEntries(Object.entries(kept).filter((pair): pair is [string, number] => typeof pair[1] === 'number'));
}

export function keepWidths(widths: GridWidths): void {
  write(WIDTHS, widths);
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
