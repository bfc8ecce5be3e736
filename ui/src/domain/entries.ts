// The order of what is in a folder, quick enough for a hundred thousand names.
import type { EntryView } from '@/ipc';
import { momentIn } from './moment';
import { folderOf } from './path';

/** With `fact:` a column of the remote's own; `folder` is where it lies. */
export type EntryColumn = 'name' | 'size' | 'modified' | 'folder' | `fact:${string}`;

export interface EntrySort {
  column: EntryColumn;
  direction: 'ascending' | 'descending';
}

/** An entry with what it is found and ordered by, made once when it arrives. */
export interface Row {
  /** Its path; two names that cannot be spelled may look alike, so theirs is counted. */
  key: string;
  entry: EntryView;
  /** The name in small letters. */
  find: string;
  order: string;
}

/**
 * A text whose plain order is that of the name: case and accents do not count, and a number stands by its value, so that
 * `Exhibit 2` comes before `Exhibit 10`.
 */
export function orderOf(name: string): string {
  let text = name.toLowerCase();
  // oxlint-disable-next-line no-control-regex -- everything beyond ASCII
  if (/[^\u0000-\u007f]/.test(text)) text = text.normalize('NFD').replace(/\p{M}+/gu, '');
  return text.replace(/\d+/g, (digits) => {
    const value = digits.replace(/^0+(?=.)/, '');
    return `0${String.fromCharCode(value.length)}${value}`;
  });
}

export function rowOf(entry: EntryView, at: number): Row {
  return { key: entry.addressable ? entry.path : `${entry.path}\u0000${at}`, entry, find: entry.name.toLowerCase(), order: orderOf(entry.name) };
}

function rank(row: Row): number {
  return row.entry.kind === 'folder' ? 0 : 1;
}

function plain(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function byName(a: Row, b: Row): number {
  return plain(a.order, b.order) || plain(a.entry.name, b.entry.name) || plain(a.key, b.key);
}

export function factOf(entry: EntryView, key: string): string {
  return entry.facts.find((fact) => fact.key === key)?.value ?? '';
}

/** By what the remote tells: moments by their time, all else as names are. What tells nothing comes last whichever way. */
function byFact(key: string, turn: 1 | -1): (a: Row, b: Row) => number {
  const known = new WeakMap<Row, string>();
  const of = (row: Row): string => {
    const seen = known.get(row);
    if (seen !== undefined) return seen;
    const text = factOf(row.entry, key);
    const at = momentIn(text);
    const order = orderOf(at === null ? text : new Date(at).toISOString());
    known.set(row, order);
    return order;
  };
  return (a, b) => {
    const [left, right] = [of(a), of(b)];
    if (left === '' || right === '') return Number(left === '') - Number(right === '') || byName(a, b);
    return turn * plain(left, right) || byName(a, b);
  };
}

const isPlain = (column: EntryColumn): column is Exclude<EntryColumn, `fact:${string}`> => !column.startsWith('fact:');

/** Folders first whichever way; what is equal stands by its name. */
export function comparing({ column, direction }: EntrySort): (a: Row, b: Row) => number {
  const turn = direction === 'ascending' ? 1 : -1;
  const by: Record<Exclude<EntryColumn, `fact:${string}`>, (a: Row, b: Row) => number> = {
    name: (a, b) => turn * byName(a, b),
    size: (a, b) => turn * (a.entry.size - b.entry.size) || byName(a, b),
    folder: (a, b) => turn * plain(orderOf(folderOf(a.entry.path)), orderOf(folderOf(b.entry.path))) || byName(a, b),
    modified: (a, b) => turn * ((a.entry.modified ?? -Infinity) === (b.entry.modified ?? -Infinity) ? 0 : (a.entry.modified ?? -Infinity) - (b.entry.modified ?? -Infinity)) || byName(a, b),
  };
  const compare = isPlain(column) ? by[column] : byFact(column.slice('fact:'.length), turn);
  return (a, b) => rank(a) - rank(b) || compare(a, b);
}

/** Two lists that are in order, as one. */
export function merged(left: readonly Row[], right: readonly Row[], compare: (a: Row, b: Row) => number): Row[] {
  const all: Row[] = [];
  let [l, r] = [0, 0];
  while (l < left.length && r < right.length) {
    const [a, b] = [left[l] as Row, right[r] as Row];
    if (compare(a, b) <= 0) {
      all.push(a);
      l += 1;
    } else {
      all.push(b);
      r += 1;
    }
  }
  for (; l < left.length; l += 1) all.push(left[l] as Row);
  for (; r < right.length; r += 1) all.push(right[r] as Row);
  return all;
}
