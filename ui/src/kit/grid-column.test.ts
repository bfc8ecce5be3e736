import { expect, it } from 'vitest';
import { fitting, type GridColumn, tracksOf } from './grid-column';

const column = (id: string, track: string, change: Partial<GridColumn<string>> = {}): GridColumn<string> => ({ id, header: id, track, cell: () => null, ...change });
const columns = [
  column('name', 'minmax(160px, 1fr)', { least: 220 }),
  column('status', '96px', { yields: 20 }),
  column('region', 'minmax(72px, 130px)', { yields: 41, least: 130 }),
  column('size', '88px', { yields: 10 }),
  column('changed', '112px', { yields: 30 }),
];
const at = (width: number, widths = {}) => fitting(columns, widths, width).map(({ id }) => id);

it('where there is no room the least useful column goes first, and the name never', () => {
  expect(at(1100)).toEqual(['name', 'status', 'region', 'size', 'changed']);
  expect(at(700)).toEqual(['name', 'status', 'size', 'changed']);
  expect(at(500)).toEqual(['name', 'status', 'size']);
  expect(at(370)).toEqual(['name', 'size']);
  expect(at(200)).toEqual(['name']);
});

it('until the width is known all stand there', () => {
  expect(at(0)).toHaveLength(5);
});

it('a column that was made narrower makes room, one that was made wider pushes none out', () => {
  expect(at(700, { region: 60 })).toEqual(['name', 'status', 'region', 'size', 'changed']);
  expect(at(800, { status: 600 })).toEqual(['name', 'status', 'region', 'size', 'changed']);
});

it('a width that was chosen gives way only as far as the column can be read', () => {
  expect(tracksOf(columns.slice(0, 2), { name: 400, status: 200 }, false)).toBe('minmax(220px, 400px) minmax(48px, 200px)');
  expect(tracksOf(columns.slice(0, 1), { name: 90 }, false)).toBe('minmax(90px, 90px)');
});
