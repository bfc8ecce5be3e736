// The lines of a long list: its rows, their headings, and the room of rows that are not here yet.
import type { ReactNode } from 'react';

export const GROUP = 34;
export const ROW = 40;

export type GridLine<T> =
  | {
      kind: 'group';
      key: string;
      content: ReactNode;
      /** A heading that can be moved to and chosen like a row, and that hides what is below it. */
      fold?: { open: boolean; label: string; onFold: (open: boolean) => void };
    }
  | { kind: 'row'; key: string; item: T }
  /** So many rows that are not here yet: they take their room, and are asked for when they come into view. */
  | { kind: 'gap'; key: string; rows: number };

/** How high a line is, in pixels. */
export function heightOf(line: GridLine<never> | undefined): number {
  if (line?.kind === 'group') return GROUP;
  return line?.kind === 'gap' ? line.rows * ROW : ROW;
}

/** What the list needs to know of its lines: where one can move to, and how high they are together. */
export function layOut<T>(lines: readonly GridLine<T>[]) {
  const keys: string[] = [];
  const rowKeys: string[] = [];
  const groups: number[] = [];
  const heights: string[] = [];
  /** How many rows stand before each line, and last how many there are. */
  const indexes: number[] = [0];
  /** Where the line of a key stands. */
  const at = new Map<string, number>();
  for (const [index, line] of lines.entries()) {
    at.set(line.key, index);
    if (line.kind === 'group') groups.push(index);
    if (line.kind === 'row') rowKeys.push(line.key);
    if (line.kind === 'row' || (line.kind === 'group' && line.fold)) keys.push(line.key);
    heights.push(line.kind === 'gap' ? `g${line.rows}` : line.kind === 'row' ? 'r' : 'h');
    indexes.push((indexes[index] ?? 0) + (line.kind === 'gap' ? line.rows : 1));
  }
  return { keys, rowKeys, groups, heights: heights.join(''), indexes, at };
}
