import { expect, it } from 'vitest';
import type { EntryView } from '@/ipc';
import { comparing, merged, orderOf, type Row, rowOf } from './entries';

function entry(name: string, change: Partial<EntryView> = {}): EntryView {
  return { path: `/${name}`, name, kind: 'file', size: 0, modified: null, version: null, addressable: true, link: false, facts: [], ...change };
}

const named = (rows: readonly Row[]) => rows.map((row) => row.entry.name);

it('orders names as people do: numbers by their value, case and accents do not count', () => {
  const rows = ['file10', 'File2', 'älter', 'alt', 'zeta', 'file02', 'Ähre'].map((name, at) => rowOf(entry(name), at));
  expect(named(rows.toSorted(comparing({ column: 'name', direction: 'ascending' })))).toEqual(['Ähre', 'alt', 'älter', 'File2', 'file02', 'file10', 'zeta']);
  expect(orderOf('9') < orderOf('10')).toBe(true);
});

it('folders come first whichever way, and what has no time comes before the oldest', () => {
  const rows = [entry('b', { modified: 2 }), entry('dir', { kind: 'folder' }), entry('a'), entry('c', { modified: 1 })].map(rowOf);
  expect(named(rows.toSorted(comparing({ column: 'modified', direction: 'ascending' })))).toEqual(['dir', 'a', 'c', 'b']);
  expect(named(rows.toSorted(comparing({ column: 'modified', direction: 'descending' })))).toEqual(['dir', 'b', 'c', 'a']);
});

it('what comes in pieces stands as if it had come at once', () => {
  const compare = comparing({ column: 'size', direction: 'descending' });
  const rows = Array.from({ length: 5000 }, (_, at) => rowOf(entry(`n${(at * 7919) % 5000}`, { size: at % 97 }), at));
  let all: Row[] = [];
  for (let at = 0; at < rows.length; at += 700) all = merged(all, rows.slice(at, at + 700).toSorted(compare), compare);
  expect(named(all)).toEqual(named(rows.toSorted(compare)));
});

it('two names that cannot be spelled and look alike are two rows', () => {
  const twins = [entry('a\uFFFD', { addressable: false }), entry('a\uFFFD', { addressable: false })].map(rowOf);
  expect(new Set(twins.map((row) => row.key)).size).toBe(2);
});

it('a column of the remote orders moments by their time and words as names; what tells nothing is last whichever way', () => {
  const told = (name: string, value?: string) => rowOf(entry(name, { facts: value === undefined ? [] : [{ key: 'a', value }] }), 0);
  const moments = [told('late', '2027-01-01T01:00:00+02:00'), told('none'), told('later', '2027-01-01T00:00:00Z'), told('early', '2026-01-01T00:00:00Z')];
  expect(named(moments.toSorted(comparing({ column: 'fact:a', direction: 'ascending' })))).toEqual(['early', 'late', 'later', 'none']);
  expect(named(moments.toSorted(comparing({ column: 'fact:a', direction: 'descending' })))).toEqual(['later', 'late', 'early', 'none']);
  const words = [told('1', 'Box 10'), told('2', 'box 2'), told('3', 'Ärea')];
  expect(named(words.toSorted(comparing({ column: 'fact:a', direction: 'ascending' })))).toEqual(['3', '2', '1']);
});
