import { expect, it } from 'vitest';
import { busyDay } from '@/ipc/fake/data';
import { actsOf, bytesLeft, eligible, groupByRun, PACE, percent } from './transfer';

const day = busyDay(1_800_000_000_000);

it('rows of a run stay together though another run came between them', () => {
  const [first, second] = day.transfers;
  const other = day.transfers.find((one) => one.run !== first?.run);
  if (!first || !second || !other) throw new Error('the day is empty');
  const groups = groupByRun([first, other, second]);
  expect(groups.map((group) => group.rows.map((row) => row.id))).toEqual([[first.id, second.id], [other.id]]);
});

it('an act runs on those transfers only that it is legal for', () => {
  expect(eligible(day.transfers, 'resume')).toEqual(day.transfers.filter((one) => one.state === 'paused').map((one) => one.id));
  expect(actsOf('done')).toEqual([]);
});

it('everything that is over can be told from everything that is not', () => {
  const over = Object.entries(PACE).filter(([, pace]) => pace === 'done' || pace === 'failed');
  expect(over.map(([state]) => state).sort()).toEqual(['cancelled', 'done', 'failed', 'skipped']);
});

it('the bar is full only when the last byte is confirmed', () => {
  expect(percent(999, 1000)).toBe(99);
  expect(percent(1000, 1000)).toBe(100);
  expect(percent(0, 0)).toBe(100);
});

it('what is left counts open runs, less what moves already', () => {
  const open = day.runs.filter((run) => run.done + run.failed < run.files);
  const bytes = open.reduce((sum, run) => sum + run.bytes - run.bytesDone, 0);
  expect(bytesLeft(day.runs, 1000)).toBe(bytes - 1000);
});
