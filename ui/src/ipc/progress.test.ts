import { expect, it, vi } from 'vitest';
import { ProgressStore } from './progress';

const batch = (...ids: string[]) => ({
  moving: ids.map((id, index) => ({ id, confirmed: 100 * (index + 1), bytesPerSecond: 10 })),
  bytesPerSecond: 10 * ids.length,
});

it('a row hears of its own transfer and of no other', () => {
  const store = new ProgressStore();
  const mine = vi.fn<() => void>();
  const other = vi.fn<() => void>();
  store.subscribe('a', mine);
  store.subscribe('z', other);
  store.take(batch('a', 'b'), 0);
  expect(mine).toHaveBeenCalledTimes(1);
  expect(other).not.toHaveBeenCalled();
});

it('a transfer that a batch leaves out does not move any more', () => {
  const store = new ProgressStore();
  store.take(batch('a'), 0);
  store.take(batch(), 100);
  expect(store.get('a')).toBeUndefined();
});

it('the chart has one point a second, and not more than a minute of them', () => {
  const store = new ProgressStore();
  for (let at = 0; at < 90_000; at += 100) store.take(batch('a', 'b'), at);
  expect(store.totals().history).toHaveLength(60);
  expect(store.totals().bytesPerSecond).toBe(20);
});

it('what has stopped has no speed, however soon after the last figure', () => {
  const store = new ProgressStore();
  store.take(batch('a', 'b'), 0);
  store.take({ moving: [], bytesPerSecond: 7 }, 100);
  store.take({ moving: [], bytesPerSecond: 0 }, 200);
  expect(store.totals().bytesPerSecond).toBe(0);
});
