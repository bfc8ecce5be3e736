import { fireEvent, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { Panes } from './panes';
import { SidePanel, Split } from './split';

it('a divider is moved by keys within its bounds, and its size is remembered', async () => {
  const write = vi.fn<(size: number) => void>();
  const person = userEvent.setup();
  render(<Panes first="list" second="page" dividerLabel="Width of the list" min={100} max={300} memory={{ read: () => 290, write }} />);
  const divider = screen.getByRole('separator', { name: 'Width of the list' });
  expect(divider).toHaveAttribute('aria-valuenow', '290');
  await person.tab();
  await person.keyboard('{ArrowRight}');
  expect(write).toHaveBeenLastCalledWith(300);
  await person.keyboard('{Shift>}{ArrowLeft}{/Shift}');
  expect(write).toHaveBeenLastCalledWith(236);
  await person.keyboard('{Home}');
  expect(divider).toHaveAttribute('aria-valuenow', '100');
});

it('a divider is dragged, and remembered when it is let go', () => {
  const write = vi.fn<(size: number) => void>();
  render(<Panes first="list" second="page" dividerLabel="Width" sized="after" initial={200} min={100} max={300} memory={{ read: () => null, write }} />);
  const divider = screen.getByRole('separator', { name: 'Width' });
  fireEvent.pointerDown(divider, { button: 0, clientX: 500 });
  fireEvent.pointerMove(divider, { clientX: 450 });
  expect(divider).toHaveAttribute('aria-valuenow', '250');
  expect(write).not.toHaveBeenCalled();
  fireEvent.pointerUp(divider, { clientX: 440 });
  expect(write).toHaveBeenCalledWith(260);
});

it('a size that was remembered and no longer fits is brought within the bounds', () => {
  render(<Panes first="list" second="page" dividerLabel="Width" max={300} memory={{ read: () => 4000, write: () => {} }} />);
  expect(screen.getByRole('separator', { name: 'Width' })).toHaveAttribute('aria-valuenow', '300');
});

function Place() {
  const [open, setOpen] = useState(true);
  return (
    <Split
      side={
        open ? (
          <SidePanel label="Item" title="Terms.pdf" closeLabel="Close" onClose={() => setOpen(false)} resize={{ label: 'Width of the side' }}>
            <button type="button">In it</button>
          </SidePanel>
        ) : null
      }
    >
      <button type="button">Row</button>
    </Split>
  );
}

it('Escape in the side closes it and gives the focus back', async () => {
  const person = userEvent.setup();
  render(<Place />);
  await person.tab();
  await person.tab();
  const divider = screen.getByRole('separator', { name: 'Width of the side' });
  expect(divider).toHaveFocus();
  await person.keyboard('{ArrowLeft}');
  expect(divider).toHaveAttribute('aria-valuenow', '364');
  await person.keyboard('{Escape}');
  expect(screen.queryByRole('complementary')).not.toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Row' })).toHaveFocus();
});
