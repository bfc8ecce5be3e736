// How the list of runs is put together: headings, the rows that are here, and room for those that are not. Rows come in
// blocks, so that a run of a hundred thousand is scrolled like one of ten.
import type { BlockDraft, BlockView, PaceView, RunView, TransferView } from '@/ipc';

/** Rows of one block. */
export const BLOCK = 100;
/** Lines above and below what is seen that are fetched too. */
const AHEAD = 40;
/** Blocks that are read together. */
const TOGETHER = 48;
/** Lines that are in view before the list has told which. */
const FIRST_LINES = 30;
/** Blocks that are kept when they are out of view. */
const KEPT = 200;

export type ListPart =
  | { kind: 'run'; key: string; run: RunView; open: boolean }
  | { kind: 'row'; key: string; transfer: TransferView }
  | { kind: 'gap'; key: string; run: string; skipped: number; rows: number };

/** How many transfers of a run there are at a pace, or in all. */
export function rowsAt(run: RunView, pace: PaceView | null): number {
  switch (pace) {
    case null:
      return run.files;
    case 'running':
      return run.running;
    case 'waiting':
      return run.waiting;
    case 'needs-you':
      return run.needsYou;
    case 'failed':
      return run.failed;
    case 'done':
      return run.done;
  }
}

const keyOf = (run: string, skipped: number) => `${run}@${skipped}`;

export type Blocks = ReadonlyMap<string, readonly TransferView[]>;

/** What came beside what is here; the oldest go where there are too many. */
export function withBlocks(blocks: Blocks, come: readonly BlockView[]): Blocks {
  const next = new Map(blocks);
  for (const { run, skipped, rows } of come) {
    next.delete(keyOf(run, skipped));
    next.set(keyOf(run, skipped), rows);
  }
  for (const key of [...next.keys()].slice(0, Math.max(0, next.size - KEPT))) next.delete(key);
  return next;
}

export const headingKey = (run: string) => `run:${run}`;

/** The run of a heading's key; `null` for the key of a row. */
export function runOfKey(key: string): string | null {
  return key.startsWith('run:') ? key.slice(4) : null;
}

export function layOutRuns(runs: readonly RunView[], pace: PaceView | null, folded: ReadonlySet<string>, blocks: Blocks): ListPart[] {
  const parts: ListPart[] = [];
  for (const run of runs) {
    const open = !folded.has(run.id);
    parts.push({ kind: 'run', key: headingKey(run.id), run, open });
    if (!open) continue;
    const total = rowsAt(run, pace);
    for (let skipped = 0; skipped < total; skipped += BLOCK) {
      const rows = blocks.get(keyOf(run.id, skipped));
      if (!rows) {
        parts.push({ kind: 'gap', key: `gap:${keyOf(run.id, skipped)}`, run: run.id, skipped, rows: Math.min(BLOCK, total - skipped) });
        continue;
      }
      for (const transfer of rows) parts.push({ kind: 'row', key: transfer.id, transfer });
      // The run ends here, whatever its totals said a moment ago.
      if (rows.length < BLOCK) break;
    }
  }
  return parts;
}

/** The blocks that lie around the lines in view. */
export function blocksAround(parts: readonly ListPart[], first: number, last: number): BlockDraft[] {
  const wanted: BlockDraft[] = [];
  let run: string | null = null;
  let before = 0;
  const start = Math.max(0, first - AHEAD);
  const end = last + AHEAD;
  const seen = new Set<string>();
  for (const [at, part] of parts.entries()) {
    if (at > end || wanted.length >= TOGETHER) break;
    if (part.kind === 'run') {
      run = part.run.id;
      before = 0;
      continue;
    }
    const skipped = Math.floor(before / BLOCK) * BLOCK;
    before += part.kind === 'gap' ? part.rows : 1;
    if (at < start || run === null) continue;
    const key = keyOf(run, skipped);
    if (seen.has(key)) continue;
    seen.add(key);
    wanted.push({ run, skipped });
  }
  return wanted;
}

/** The blocks that a list begins with. */
export function firstBlocks(parts: readonly ListPart[]): BlockDraft[] {
  return blocksAround(parts, 0, FIRST_LINES);
}
