import { expect, it } from 'vitest';
import type { AttributeKindView, AttributeView, NamedValueView } from '@/ipc';
import { changes, type Draft, draftOf, newLine, newRow, problemsOf, shownMoment, valueOf } from './attributes';

function attribute(key: string, kind: AttributeKindView, change: Partial<AttributeView> = {}): AttributeView {
  return { key, name: key, kind, required: false, readOnly: false, most: 1, ...change };
}

const text = (longest: number | null = null): AttributeKindView => ({ type: 'text', longest, lines: false });
const one = (key: string, value: string): NamedValueView => ({ key, value: { type: 'one', value } });

/** The draft with other lines in one field. */
const typed = (draft: Draft, key: string, ...texts: string[]): Draft => ({ ...draft, [key]: { lines: texts.map(newLine), rows: [] } });

/** The codes that a field has with this text in it. */
function problems(kind: AttributeKindView, value: string, change: Partial<AttributeView> = {}) {
  const attributes = [attribute('a', kind, change)];
  const before = draftOf(attributes, []);
  return [...problemsOf(attributes, before, typed(before, 'a', value)).values()].map(({ code }) => code);
}

it('a required field needs a value, also where nobody touched it', () => {
  const attributes = [attribute('a', text(), { required: true }), attribute('b', text())];
  const before = draftOf(attributes, []);
  expect([...problemsOf(attributes, before, before)]).toEqual([['a', { code: 'required' }]]);
  expect(problemsOf(attributes, before, typed(before, 'a', 'x')).size).toBe(0);
  expect(problems(text(), '   ', { required: true })).toEqual(['required']);
});

it('for many files a field that nobody touched is left alone, required or not', () => {
  const attributes = [attribute('a', text(), { required: true }), attribute('b', { type: 'integer' })];
  const before = draftOf(attributes, []);
  expect(problemsOf(attributes, before, before, 'changed').size).toBe(0);
  expect(problemsOf(attributes, before, typed(before, 'b', 'x'), 'changed').size).toBe(1);
});

it('a text is counted in characters, not in bytes or halves of them', () => {
  expect(problems(text(3), 'äöü')).toEqual([]);
  expect(problems(text(3), '\u{1F4C4}\u{1F4C4}\u{1F4C4}')).toEqual([]);
  const attributes = [attribute('a', text(3))];
  const before = draftOf(attributes, []);
  expect([...problemsOf(attributes, before, typed(before, 'a', 'abcde')).values()]).toEqual([{ code: 'longest', most: 3, over: 2 }]);
});

it.each([
  ['integer', ['0', '-12', ' 42 '], ['1.5', '1e3', '1 000', 'x']],
  ['decimal', ['0', '-1.5', '1,5', '12'], ['.5', '1.', '1.2.3', '1.250,00']],
  ['date', ['2027-01-31', '2028-02-29'], ['2027-02-29', '31.01.2027', '2027-1-31', '2027-13-01']],
  ['moment', ['2027-01-31 14:30', '2027-01-31T14:30:00Z', '2027-01-31 14:30:05'], ['2027-01-31', '2027-01-31 25:00', '2027-02-30 10:00']],
  ['flag', ['true', 'false'], ['yes']],
  ['person', ['m.okafor'], []],
] as const)('what a field of %s takes, and what it does not', (type, right, wrong) => {
  expect(right.filter((value) => problems({ type }, value).length > 0)).toEqual([]);
  expect(wrong.filter((value) => problems({ type }, value).length !== 1)).toEqual([]);
});

it('a choice is one of its list; one that the remote dropped since stays until it is touched', () => {
  const attributes = [attribute('a', { type: 'choice', values: ['x', 'y'] })];
  const before = draftOf(attributes, [one('a', 'old')]);
  expect(problemsOf(attributes, before, before).size).toBe(0);
  expect([...problemsOf(attributes, before, typed(before, 'a', 'z')).values()]).toEqual([{ code: 'choice' }]);
});

it('there are no more values than may be, and each wrong one is named by its line', () => {
  const attributes = [attribute('a', { type: 'integer' }, { most: 2 })];
  const before = draftOf(attributes, []);
  const now = typed(before, 'a', '1', 'two', '3', '');
  const bad = now['a']?.lines[1]?.id;
  expect([...problemsOf(attributes, before, now)]).toEqual([
    ['a', { code: 'most', most: 2, over: 1 }],
    [`a.${bad}`, { code: 'integer' }],
  ]);
});

it('only what is another than it was is sent, and an emptied field is sent empty', () => {
  const attributes = [attribute('a', text()), attribute('b', text()), attribute('c', text(), { most: 3 }), attribute('d', text(), { readOnly: true })];
  const before = draftOf(attributes, [one('a', 'kept'), one('b', 'gone'), { key: 'c', value: { type: 'many', values: ['1', '2'] } }, one('d', 'fixed')]);
  expect(changes(attributes, before, before)).toEqual([]);
  const now = typed(typed(typed(before, 'b', ''), 'c', '', ' '), 'd', 'other');
  expect(changes(attributes, before, now)).toEqual([one('b', ''), { key: 'c', value: { type: 'many', values: [] } }]);
});

it('the order of several values counts, an empty line among them does not', () => {
  const attributes = [attribute('a', text(), { most: 3 })];
  const before = draftOf(attributes, [{ key: 'a', value: { type: 'many', values: ['1', '2'] } }]);
  expect(changes(attributes, before, typed(before, 'a', '1', '', '2'))).toEqual([]);
  expect(changes(attributes, before, typed(before, 'a', '2', '1'))).toHaveLength(1);
});

it('a moment is typed in the reader’s own time and sent as the remote spells it', () => {
  const when = attribute('a', { type: 'moment' });
  const before = draftOf([when], [one('a', '2027-01-31T14:30:00Z')]);
  expect(before['a']?.lines[0]?.text).toBe(shownMoment('2027-01-31T14:30:00Z'));
  expect(changes([when], before, before)).toEqual([]);
  const now = typed(before, 'a', shownMoment('2027-03-31T08:15:00Z'));
  expect(changes([when], before, now)).toEqual([one('a', '2027-03-31T08:15:00Z')]);
});

it('rows of a set are judged one by one, and an empty row is none', () => {
  const inner = [attribute('name', text(), { required: true }), attribute('share', { type: 'decimal' })];
  const set = attribute('parties', { type: 'set', attributes: inner }, { most: 2, required: true });
  const before = draftOf([set], []);
  expect([...problemsOf([set], before, before).keys()]).toEqual(['parties']);
  const rows = [newRow(inner), newRow(inner)].map((row, at) => (at === 0 ? { ...row, fields: typed(row.fields, 'share', '1,5,0') } : row));
  const now: Draft = { parties: { lines: [], rows } };
  expect([...problemsOf([set], before, now).values()].map(({ code }) => code)).toEqual(['required', 'decimal']);
  const right: Draft = { parties: { lines: [], rows: rows.map((row, at) => (at === 0 ? { ...row, fields: typed(typed(row.fields, 'name', 'ACME'), 'share', '1.5') } : row)) } };
  expect(problemsOf([set], before, right).size).toBe(0);
  expect(changes([set], before, right)).toEqual([{ key: 'parties', value: { type: 'rows', rows: [[one('name', 'ACME'), one('share', '1.5')]] } }]);
});

it('a set whose rows are all taken away is sent empty', () => {
  const set = attribute('a', { type: 'set', attributes: [attribute('b', text())] }, { most: 4 });
  const before = draftOf([set], [{ key: 'a', value: { type: 'rows', rows: [[one('b', '1')]] } }]);
  expect(valueOf(set, { lines: [], rows: [] })).toEqual({ type: 'rows', rows: [] });
  expect(changes([set], before, { a: { lines: [], rows: [] } })).toHaveLength(1);
});

it('a comma before decimals is sent as the point that it stands for, and is no change by itself', () => {
  const attributes = [attribute('a', { type: 'decimal' })];
  const before = draftOf(attributes, [one('a', '1250000.00')]);
  expect(changes(attributes, before, typed(before, 'a', '1250000,50'))).toEqual([one('a', '1250000.50')]);
  expect(changes(attributes, before, typed(before, 'a', '1250000,00'))).toEqual([]);
});
