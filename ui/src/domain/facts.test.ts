import { expect, it } from 'vitest';
import { fakeEntry } from '@/ipc/fake/folders';
import { rowOf } from './entries';
import { lookOf, stateIn, widthOf, wordsIn } from './facts';

const rows = (...values: readonly string[]) => values.map((value, at) => rowOf(fakeEntry('/', `${at}.pdf`, { facts: value === '' ? [] : [{ key: 'it', value }] }), at));
const kind = (...values: readonly string[]) => lookOf(rows(...values), 'it').kind;

it('what stands in a column says which kind it is, whatever is empty', () => {
  expect(kind('3', '', '12')).toBe('number');
  expect(kind('2027-01-31', '2027-06-30T22:00:00Z')).toBe('day');
  expect(kind('Approved', '', 'pending')).toBe('states');
  expect(kind('Approved', 'as the agency says')).toBe('text');
  expect(lookOf(rows('', ''), 'it')).toEqual({ kind: 'text', empty: true, longest: 0 });
});

it('known words of a state are known however they are spelled', () => {
  expect([stateIn('APPROVED'), stateIn(' expired '), stateIn('Approved by Ada')]).toEqual(['approved', 'expired', null]);
  expect(wordsIn('Contract, Retention,')).toEqual(['Contract', 'Retention']);
});

it('a column is as wide as what stands in it, within what can be read', () => {
  const of = (text: string, title = 'It') => widthOf(lookOf(rows(text), 'it'), title);
  expect(of('3')).toBeLessThan(of('j.lindqvist'));
  expect(of('j.lindqvist')).toBeLessThan(of('a sentence that goes on and on and on'));
  expect(of('a sentence that goes on and on and on')).toBe(of('a sentence'.repeat(20)));
  expect(of('3', 'Number of people')).toBeGreaterThan(of('3'));
});
