import { fireEvent, render, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { ContextMenu, useContextMenu } from './context-menu';
import { DataGrid, type GridLine, type GridSort, type GridWidths } from './data-grid';
import { moveBefore } from './grid-keys';

const columns = [
  { id: 'name', header: 'Name', track: '1fr', sortable: true, cell: (name: string) => name },
  { id: 'size', header: 'Size', track: '80px', align: 'end' as const, sortable: true, cell: (name: string) => name.length },
];

const rowsOf = (names: readonly string[]): GridLine<string>[] => names.map((name) => ({ kind: 'row', key: name, item: name }));

function List({ names, onSelect, ordered = false }: { names: readonly string[]; onSelect?: (keys: readonly string[]) => void; ordered?: boolean }) {
  const [order, setOrder] = useState(names);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [sort, setSort] = useState<GridSort>({ column: 'name', direction: 'ascending' });
  const [widths, setWidths] = useState<GridWidths>({ size: 80 });
  const control = useContextMenu();
  return (
    <>
      <DataGrid
        label="Files"
        columns={columns}
        lines={rowsOf(order)}
        textOf={(name) => name}
        selected={selected}
        onSelect={(keys) => {
          setSelected(keys);
          onSelect?.([...keys]);
        }}
        sort={sort}
        onSort={setSort}
        widths={widths}
        onWidths={setWidths}
        onMenu={control.openAt}
        {...(ordered
          ? {
              reorder: {
                label: 'Move',
                onMove: (keys: readonly string[], before: string | null) => setOrder((was) => moveBefore(was, keys, before)),
                told: (at: number, of: number) => `${at} of ${of}`,
              },
            }
          : {})}
      />
      <span data-testid="widths">{JSON.stringify(widths)}</span>
      <ContextMenu label="Acts" control={control} parts={[{ id: 'a', acts: [{ id: 'open', label: `Open ${[...selected].join()}`, run: () => {} }] }]} />
    </>
  );
}

const shown = () => screen.getAllByRole('row').slice(1).map((row) => row.dataset.key);
const names = ['alpha', 'beta', 'gamma', 'delta'];

it('ranges grow by Shift, Ctrl adds one, and Ctrl A takes all', async () => {
  const onSelect = vi.fn<(keys: readonly string[]) => void>();
  const person = userEvent.setup();
  render(<List names={names} onSelect={onSelect} />);
  await person.click(screen.getByRole('row', { name: /alpha/ }));
  await person.keyboard('{Shift>}{ArrowDown}{/Shift}');
  expect(onSelect).toHaveBeenLastCalledWith(['alpha', 'beta']);
  await person.keyboard('{Control>}');
  await person.click(screen.getByRole('row', { name: /delta/ }));
  await person.keyboard('{/Control}');
  expect(onSelect).toHaveBeenLastCalledWith(['alpha', 'beta', 'delta']);
  await person.keyboard('{Control>}a{/Control}');
  expect(onSelect).toHaveBeenLastCalledWith(names);
  await person.keyboard('{Escape}');
  expect(onSelect).toHaveBeenLastCalledWith([]);
});

it('the headers are one tab stop: arrows move, Enter sorts, Alt with an arrow resizes', async () => {
  const person = userEvent.setup();
  render(<List names={names} />);
  const [name, size] = screen.getAllByRole('columnheader') as [HTMLElement, HTMLElement];
  expect([name.getAttribute('aria-sort'), size.getAttribute('aria-sort')]).toEqual(['ascending', 'none']);
  await person.tab();
  expect(name).toHaveFocus();
  await person.keyboard('{Enter}');
  expect(name).toHaveAttribute('aria-sort', 'descending');
  await person.keyboard('{ArrowRight}');
  expect(size).toHaveFocus();
  await person.keyboard('{Enter}');
  expect(size).toHaveAttribute('aria-sort', 'ascending');
  await person.keyboard('{Alt>}{ArrowRight}{/Alt}');
  expect(screen.getByTestId('widths')).toHaveTextContent('{"size":96}');
  await person.keyboard('{Alt>}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}{ArrowLeft}{/Alt}');
  expect(screen.getByTestId('widths')).toHaveTextContent('{"size":48}');
  await person.tab();
  expect(screen.getByRole('row', { name: /alpha/ })).toHaveFocus();
});

it('rows are moved by Alt and an arrow, several together, and the place is told', async () => {
  const person = userEvent.setup();
  render(<List names={names} ordered />);
  await person.click(screen.getByRole('row', { name: /alpha/ }));
  await person.keyboard('{Alt>}{ArrowDown}{/Alt}');
  expect(shown()).toEqual(['beta', 'alpha', 'gamma', 'delta']);
  expect(screen.getByRole('row', { name: /alpha/ })).toHaveFocus();
  expect(screen.getByText('2 of 4')).toBeInTheDocument();
  await person.keyboard('{Shift>}{ArrowDown}{/Shift}{Alt>}{ArrowDown}{ArrowDown}{/Alt}');
  expect(shown()).toEqual(['beta', 'delta', 'alpha', 'gamma']);
  await person.keyboard('{Alt>}{ArrowUp}{ArrowUp}{ArrowUp}{/Alt}');
  expect(shown()).toEqual(['alpha', 'gamma', 'beta', 'delta']);
});

it('a menu is asked for on a row, which is chosen by then, and the focus comes back to it', async () => {
  const person = userEvent.setup();
  render(<List names={names} />);
  await person.click(screen.getByRole('row', { name: /alpha/ }));
  const gamma = screen.getByRole('row', { name: /gamma/ });
  fireEvent.contextMenu(gamma, { button: 2, clientX: 40, clientY: 90 });
  expect(await screen.findByRole('menuitem', { name: 'Open gamma' })).toBeInTheDocument();
  await person.keyboard('{Escape}');
  expect(gamma).toHaveAttribute('aria-selected', 'true');
});

it('of a hundred thousand rows few are drawn, and End reaches the last', async () => {
  const many = Array.from({ length: 100_000 }, (_, at) => `row-${at}`);
  const lines = rowsOf(many);
  const person = userEvent.setup();
  function Long() {
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
    return <DataGrid label="Files" columns={columns} lines={lines} textOf={(name) => name} selected={selected} onSelect={setSelected} />;
  }
  render(<Long />);
  const grid = screen.getByRole('grid');
  expect(grid).toHaveAttribute('aria-rowcount', '100001');
  await person.click(screen.getByRole('row', { name: /row-0 / }));
  await person.keyboard('{End}');
  expect(within(grid).getAllByRole('row').length).toBeLessThan(100);
  const last = grid.querySelector<HTMLElement>('[data-key="row-99999"]');
  expect(last).toHaveFocus();
  expect(last).toHaveAttribute('aria-rowindex', '100001');
  expect(grid.querySelectorAll('[data-key][tabindex="0"]')).toHaveLength(1);
});

it('the heading of the rows at the top stays', () => {
  const lines: GridLine<string>[] = [{ kind: 'group', key: 'g1', content: 'Group one' }, ...rowsOf(names)];
  render(<DataGrid label="Files" columns={columns} lines={lines} textOf={(name) => name} selected={new Set()} onSelect={() => {}} />);
  expect(screen.getByText('Group one').parentElement).toHaveClass('sticky');
});

it('a row is dragged by its handle and stands where it is let go', () => {
  render(<List names={names} ordered />);
  const handle = screen.getByRole('row', { name: /alpha/ }).querySelector('[data-handle]') as Element;
  fireEvent.pointerDown(handle, { button: 0, clientY: 20 });
  fireEvent.pointerMove(handle, { clientY: 110 });
  expect(screen.getByRole('row', { name: /alpha/ })).toHaveAttribute('data-dragged');
  expect(screen.getByRole('row', { name: /delta/ })).toHaveAttribute('data-drop');
  fireEvent.pointerUp(handle, { clientY: 110 });
  expect(shown()).toEqual(['beta', 'gamma', 'alpha', 'delta']);
});

it('a row that stays as it is is not drawn again', async () => {
  const drawn = vi.fn<(name: string) => string>((name) => name);
  const lines = rowsOf(names);
  const counted = [{ id: 'name', header: 'Name', track: '1fr', cell: drawn }];
  const person = userEvent.setup();
  function Counted() {
    const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
    return <DataGrid label="Files" columns={counted} lines={lines} textOf={(name) => name} selected={selected} onSelect={setSelected} />;
  }
  render(<Counted />);
  await person.click(screen.getByRole('row', { name: /alpha/ }));
  drawn.mockClear();
  await person.keyboard('{ArrowDown}');
  expect(screen.getByRole('row', { name: /beta/ })).toHaveAttribute('aria-selected', 'true');
  expect(drawn).not.toHaveBeenCalledWith('gamma');
  expect(drawn).not.toHaveBeenCalledWith('delta');
});
