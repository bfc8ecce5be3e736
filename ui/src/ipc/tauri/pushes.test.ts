import { emit } from '@tauri-apps/api/event';
import { clearMocks, mockIPC } from '@tauri-apps/api/mocks';
import { afterEach, expect, it, vi } from 'vitest';
import { hear, pushes } from './pushes';

afterEach(clearMocks);

it('a change is heard from the moment that somebody follows, since the desk was listened to before', async () => {
  mockIPC(() => null, { shouldMockEvents: true });
  await hear();
  const tell = vi.fn<(topics: string[]) => void>();
  const end = pushes.onTopicsChanged(tell);
  await emit('topics-changed', { topics: ['connections'] });
  expect(tell).toHaveBeenCalledExactlyOnceWith(['connections']);
  end();
  await emit('topics-changed', { topics: ['runs'] });
  expect(tell).toHaveBeenCalledTimes(1);
});
