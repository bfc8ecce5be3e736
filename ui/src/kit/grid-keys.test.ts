import { expect, it } from 'vitest';
import { matchAhead, move, rangeBetween } from './grid-keys';

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
