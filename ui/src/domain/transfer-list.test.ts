import { expect, it } from 'vitest';
import type { RunView, TransferView } from '@/ipc';
import { BLOCK, blocksAround, layOutRuns, withBlocks } from './transfer-list';

const run = (id: string, files: number) => ({ id, files, failed: 1 }) as RunView;
const rows = (from: number, count: number) => Array.from({ length: count }, (_, at) => ({ id: `t${from + at}` }) as TransferView);

it('rows that are not here leave as much room as they will take', () => {
  const blocks = withBlocks(new Map(), [{ run: 'a', skipped: BLOCK, rows: rows(BLOCK, BLOCK) }]);
  const parts = layOutRuns([run('a', 3 * BLOCK - 10), run('b', 5)], null, new Set(['b']), blocks);
  const heights = parts.map((part) => (part.kind === 'gap' ? part.rows : part.kind === 'row' ? 1 : 0));
  expect(heights.reduce((sum, one) => sum + one, 0)).toBe(3 * BLOCK - 10);
  expect(parts.filter((part) => part.kind === 'run').map((part) => part.key)).toEqual(['run:a', 'run:b']);
  expect(parts.at(-1)).toMatchObject({ kind: 'run', open: false });
});

it('a run ends with its last row, whatever its totals said', () => {
  const parts = layOutRuns([run('a', 500)], null, new Set(), withBlocks(new Map(), [{ run: 'a', skipped: 0, rows: rows(0, 7) }]));
  expect(parts).toHaveLength(8);
});

it('only the blocks around what is in view are asked for', () => {
  const parts = layOutRuns([run('a', 1_000_000)], null, new Set(), new Map());
  expect(parts).toHaveLength(10_001);
  const wanted = blocksAround(parts, 5000, 5001);
  expect(wanted[0]).toEqual({ run: 'a', skipped: (5000 - 41) * BLOCK });
  expect(wanted.length).toBeLessThan(50);
});

it('at a pace a run has as many rows as it has transfers there', () => {
  expect(layOutRuns([run('a', 900)], 'failed', new Set(), new Map())).toMatchObject([{ kind: 'run' }, { kind: 'gap', rows: 1 }]);
});
