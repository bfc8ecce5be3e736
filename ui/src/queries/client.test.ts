import { QueryObserver } from '@tanstack/react-query';
import { afterEach, expect, it, vi } from 'vitest';
import { refresh, newQueryClient } from './client';
import { keys } from './keys';

/** Calls that are answered by the test, in any order. */
function asked() {
  const calls: ((answer: string) => void)[] = [];
  return { calls, queryFn: vi.fn<() => Promise<string>>(() => new Promise<string>((resolve) => calls.push(resolve))) };
}

const client = newQueryClient();
const ends: (() => void)[] = [];
const watch = (queryFn: () => Promise<string>) => {
  const observer = new QueryObserver(client, { queryKey: keys.today, queryFn });
  ends.push(observer.subscribe(() => {}));
  return observer;
};

afterEach(() => {
  for (const end of ends.splice(0)) end();
  client.clear();
});

it('a change that is told while the first look is on its way is looked at afterwards', async () => {
  const { calls, queryFn } = asked();
  const observer = watch(queryFn);
  refresh(client, ['connections']);
  refresh(client, ['connections']);
  expect(queryFn).toHaveBeenCalledTimes(1);
  calls[0]?.('2 not tested');
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  calls[1]?.('all well');
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('all well'));
  expect(queryFn).toHaveBeenCalledTimes(2);
});

it('a first look that is refused is made again where a change was told meanwhile', async () => {
  const queryFn = vi.fn<() => Promise<string>>();
  const refused: ((reason: unknown) => void)[] = [];
  queryFn.mockImplementationOnce(() => new Promise((_, reject) => refused.push(reject))).mockResolvedValue('there');
  const observer = watch(queryFn);
  refresh(client, ['connections']);
  refused[0]?.({ code: 'not-here', what: 'today' });
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('there'));
});

it('a slow look is shown although changes keep coming, and made once more after it', async () => {
  const { calls, queryFn } = asked();
  const observer = watch(queryFn);
  calls[0]?.('first');
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('first'));
  for (const topic of ['connections', 'transfers', 'connections'] as const) refresh(client, [topic]);
  expect(queryFn).toHaveBeenCalledTimes(2);
  calls[1]?.('second');
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('second'));
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(3));
  calls[2]?.('third');
  await vi.waitFor(() => expect(observer.getCurrentResult().data).toBe('third'));
  expect(queryFn).toHaveBeenCalledTimes(3);
});

it('nothing is asked that nobody looks at any more', async () => {
  const { calls, queryFn } = asked();
  watch(queryFn);
  refresh(client, ['connections']);
  for (const end of ends.splice(0)) end();
  calls[0]?.('first');
  await vi.waitFor(() => expect(client.getQueryData(keys.today)).toBe('first'));
  refresh(client, ['connections']);
  expect(queryFn).toHaveBeenCalledTimes(1);
  watch(queryFn);
  expect(queryFn).toHaveBeenCalledTimes(2);
});
