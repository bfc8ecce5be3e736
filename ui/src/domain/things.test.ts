import { expect, it } from 'vitest';
import type { MeasuredView } from '@/ipc';
import { measuredThings } from './things';

it('what was looked at is a file or a folder, and what could not be may be both', () => {
  const one = (change: Partial<MeasuredView>): MeasuredView => ({ path: '/a', folder: false, files: 1, bytes: 1, complete: true, problem: null, ...change });
  expect(measuredThings([one({}), one({ folder: true, files: 40 }), one({ folder: true, complete: false }), one({ problem: 'no such file' })])).toEqual({ files: 1, folders: 2, either: 1 });
});
