import { expect, it } from 'vitest';
import { arrange, type PaletteItem, rank } from './palette-match';

const item = (id: string, label: string, section = 'Places', more: Partial<PaletteItem> = {}): PaletteItem => ({ id, label, section, ...more });
const items = [
  item('transfers', 'Transfers'),
  item('connections', 'Connections'),
  item('add', 'Add a connection', 'Commands', { words: ['new account'] }),
  item('ueber', 'Übersicht', 'Commands'),
];
const ids = (typed: string, recent: string[] = []) => arrange(items, typed, recent, 'Recent').flatMap((one) => one.items.map((line) => line.id));

it.each([
  ['con', 'Connections', 0],
  ['add con', 'Add a connection', 1],
  ['connection a', 'Add a connection', 1],
  ['cnct', 'Connections', null],
  ['onnection', 'Connections', null],
  ['uber', 'Übersicht', 0],
  ['', 'Anything', 0],
])('“%s” fits “%s” as %s', (typed, label, how) => expect(rank(item('x', label), typed)).toBe(how));

it('words that are not shown find it last', () => {
  expect(rank(items[2] as PaletteItem, 'account')).toBe(2);
  expect(ids('a')).toEqual(['add']);
});

it('the best comes first, and of equals what was used last', () => {
  expect(ids('con')).toEqual(['connections', 'add']);
  expect(ids('c', ['add'])).toEqual(['connections', 'add']);
});

it('while nothing is typed what was used last stands first, and once', () => {
  const shown = arrange(items, ' ', ['add', 'gone'], 'Recent');
  expect(shown[0]).toMatchObject({ title: 'Recent', items: [{ id: 'add' }] });
  expect(ids('', ['add', 'gone'])).toEqual(['add', 'transfers', 'connections', 'ueber']);
});
