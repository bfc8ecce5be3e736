import { expect, it } from 'vitest';
import { blockMove, matchAhead, move, moveBefore, rangeBetween } from './grid-keys';

const keys = ['a', 'b', 'c', 'd'];

it.each([
  ['ArrowDown', 'a', 'b'],
  ['ArrowDown', 'd', 'd'],
  ['k', 'c', 'b'],
  ['Home', 'c', 'a'],
  ['End', 'a', 'd'],
  ['PageDown', 'a', 'c'],
  ['PageUp', 'd', 'b'],
])('%s leads from %s to %s', (key, from, to) => expect(move(key, keys, from, 2, false)).toBe(to));

it('a letter with Ctrl does not move', () => expect(move('j', keys, 'a', 2, true)).toBeNull());

it('a range reaches both ways', () => {
  expect(rangeBetween(keys, 'c', 'a')).toEqual(['a', 'b', 'c']);
  expect(rangeBetween(keys, 'b', 'd')).toEqual(['b', 'c', 'd']);
});

it('typing goes on from the current row and begins again at the end', () => {
  const rows = [
    { key: '1', text: 'Alpha' },
    { key: '2', text: 'Annex' },
    { key: '3', text: 'Beta' },
  ];
  expect(matchAhead(rows, 'a', '1')).toBe('2');
  expect(matchAhead(rows, 'a', '2')).toBe('1');
  expect(matchAhead(rows, 'an', '2')).toBe('2');
  expect(matchAhead(rows, 'x', '1')).toBeNull();
});

it.each([
  [['a'], -1, undefined],
  [['b'], -1, 'a'],
  [['a'], 1, 'c'],
  [['c'], 1, null],
  [['d'], 1, undefined],
  [['b', 'c'], 1, null],
  [['a', 'c'], -1, 'b'],
] as const)('%s moved by %i come to stand before %s', (moved, step, before) => expect(blockMove(keys, moved, step)).toBe(before));

it('rows that lay apart close up where they are moved to', () => {
  expect(moveBefore(keys, ['c', 'a'], 'b')).toEqual(['a', 'c', 'b', 'd']);
  expect(moveBefore(keys, ['a'], null)).toEqual(['b', 'c', 'd', 'a']);
});
