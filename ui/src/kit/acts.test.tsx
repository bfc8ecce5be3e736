import { render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Button } from './button';
import { ConfirmDialog } from './confirm-dialog';
import { ContextMenu, useContextMenu } from './context-menu';
import { MenuButton, type MenuPart } from './menu';
import { Toasts, undoToast } from './toast';

function partsOf(run: (id: string) => void): MenuPart[] {
  return [
    { id: 'a', acts: [{ id: 'open', label: 'Open', shortcut: 'Enter', run: () => run('open') }, { id: 'move', label: 'Move', unavailable: 'A hold stands.', run: () => run('move') }] },
    { id: 'b', title: 'Danger', acts: [{ id: 'delete', label: 'Delete', bad: true, run: () => run('delete') }] },
  ];
}

it('a menu opens by key, steps over what cannot be done, and runs', async () => {
  const run = vi.fn<(id: string) => void>();
  const person = userEvent.setup();
  render(<MenuButton label="Acts" trigger={<Button>More</Button>} parts={partsOf(run)} />);
  await person.tab();
  await person.keyboard('{ArrowDown}');
  expect(await screen.findByRole('menuitem', { name: 'Open' })).toHaveFocus();
  expect(screen.getByRole('menuitem', { name: /Move A hold stands/ })).toHaveAttribute('aria-disabled', 'true');
  await person.keyboard('{ArrowDown}');
  expect(screen.getByRole('menuitem', { name: 'Delete' })).toHaveFocus();
  await person.keyboard('{Enter}');
  expect(run.mock.calls).toEqual([['delete']]);
  await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
  await waitFor(() => expect(screen.getByRole('button', { name: 'More' })).toHaveFocus());
});

function Ground({ run }: { run: (id: string) => void }) {
  const control = useContextMenu();
  return (
    <>
      <button type="button" onContextMenu={control.open}>
        Row
      </button>
      <ContextMenu label="Acts" parts={partsOf(run)} control={control} />
    </>
  );
}

it('a context menu closes on Escape and gives the focus back', async () => {
  const run = vi.fn<(id: string) => void>();
  const person = userEvent.setup();
  render(<Ground run={run} />);
  const row = screen.getByRole('button', { name: 'Row' });
  row.focus();
  await person.pointer({ keys: '[MouseRight]', target: row });
  await screen.findByRole('menu', { name: 'Acts' });
  await person.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
  await waitFor(() => expect(row).toHaveFocus());
  await person.pointer({ keys: '[MouseRight]', target: row });
  await person.click(await screen.findByRole('menuitem', { name: 'Open' }));
  expect(run.mock.calls).toEqual([['open']]);
  await waitFor(() => expect(screen.queryByRole('menu')).not.toBeInTheDocument());
});

it('Enter alone destroys nothing, and the dialog says what is lost', async () => {
  const [onConfirm, onClose] = [vi.fn<() => void>(), vi.fn<() => void>()];
  const person = userEvent.setup();
  render(
    <ConfirmDialog title="Remove it?" lost={{ title: 'What is lost', items: ['3 drafts'] }} confirmLabel="Remove" cancelLabel="Keep" onConfirm={onConfirm} onClose={onClose} />,
  );
  const dialog = await screen.findByRole('alertdialog', { name: 'Remove it?' });
  expect(within(dialog).getByText('3 drafts')).toBeInTheDocument();
  await person.keyboard('{Enter}');
  expect([onConfirm.mock.calls.length, onClose.mock.calls.length]).toEqual([0, 1]);
  await person.click(within(dialog).getByRole('button', { name: 'Remove' }));
  expect(onConfirm).toHaveBeenCalledOnce();
});

it('a name that has to be typed opens the button only when it fits', async () => {
  const onConfirm = vi.fn<() => void>();
  const person = userEvent.setup();
  render(
    <ConfirmDialog title="Remove it?" typed={{ label: 'Type its name', text: 'north' }} confirmLabel="Remove" cancelLabel="Keep" onConfirm={onConfirm} onClose={() => {}} />,
  );
  const field = await screen.findByRole('textbox', { name: 'Type its name' });
  expect(field).toHaveFocus();
  await person.keyboard('nort{Enter}');
  expect(onConfirm).not.toHaveBeenCalled();
  expect(screen.getByRole('button', { name: 'Remove' })).toBeDisabled();
  await person.keyboard('h{Enter}');
  expect(onConfirm).toHaveBeenCalledOnce();
});

it('what was done is taken back from its notice, once', async () => {
  const undo = vi.fn<() => void>();
  const person = userEvent.setup();
  render(<Toasts label="Notices" dismissLabel="Dismiss" />);
  undoToast({ text: 'Filed', undoLabel: 'Undo', undo });
  await person.click(await screen.findByRole('button', { name: 'Undo' }));
  expect(undo).toHaveBeenCalledOnce();
  await waitFor(() => expect(screen.queryByText('Filed')).not.toBeInTheDocument());
});
