import { expect, it } from 'vitest';
import { EVERYTHING, filterOf, isNarrowed, isSearch, spanOf } from './transfer-filter';

const NOON = new Date(2027, 2, 12, 12).getTime();
const day = (date: number) => new Date(2027, 2, date).getTime();

it('a span begins and ends with the days of this computer', () => {
  expect(spanOf('today', NOON)).toEqual({ since: day(12), until: null });
  expect(spanOf('yesterday', NOON)).toEqual({ since: day(11), until: day(12) });
  expect(spanOf('week', NOON)).toEqual({ since: day(6), until: null });
  expect(spanOf('2027-03-01..2027-03-12', NOON)).toEqual({ since: day(1), until: day(13) });
  expect(spanOf('2027-03-01..', NOON)).toEqual({ since: day(1), until: null });
});

it('what is not understood narrows nothing', () => {
  expect(filterOf({ show: 'x', evidence: 'x', direction: 'x', time: 'x', find: '  ', run: '', connection: '' }, NOON)).toEqual(EVERYTHING);
});

it('a pace or a run is listed by run, everything else is looked for', () => {
  const byRun = filterOf({ show: 'failed', run: 'r' }, NOON);
  expect([isNarrowed(byRun), isSearch(byRun)]).toEqual([true, false]);
  for (const search of [{ find: 'a' }, { evidence: 'sent' }, { connection: 'c' }, { direction: 'fetched' }, { time: 'today' }])
    expect(isSearch(filterOf(search, NOON))).toBe(true);
});
