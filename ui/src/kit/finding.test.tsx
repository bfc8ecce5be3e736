import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { Breadcrumbs } from './breadcrumbs';
import { CommandPalette } from './command-palette';
import { KeyListDialog } from './key-list';

const crumbs = [
  { id: '/', label: 'hm-court' },
  { id: '/in', label: 'in' },
  { id: '/in/2026', label: '2026' },
];

it('a crumb leads back, and a path is typed where they stand', async () => {
  const [onGo, onPath] = [vi.fn<(id: string) => void>(), vi.fn<(path: string) => void>()];
  const person = userEvent.setup();
  render(<Breadcrumbs label="Folder" crumbs={crumbs} onGo={onGo} path="/in/2026" onPath={onPath} editLabel="Type a path" />);
  expect(screen.getByText('2026')).toHaveAttribute('aria-current', 'page');
  await person.click(screen.getByRole('button', { name: 'in' }));
  expect(onGo.mock.calls).toEqual([['/in']]);
  await person.keyboard('{Control>}l{/Control}');
  const line = screen.getByRole('textbox', { name: 'Type a path' });
  expect(line).toHaveFocus();
  await person.clear(line);
  await person.keyboard('/out{Enter}');
  expect(onPath.mock.calls).toEqual([['/out']]);
});

it('Escape leaves the path as it was', async () => {
  const onPath = vi.fn<(path: string) => void>();
  const person = userEvent.setup();
  render(<Breadcrumbs label="Folder" crumbs={crumbs} onGo={() => {}} path="/in/2026" onPath={onPath} editLabel="Type a path" />);
  await person.click(screen.getByRole('button', { name: 'Type a path' }));
  await person.keyboard('x{Escape}');
  expect(onPath).not.toHaveBeenCalled();
  expect(screen.getByText('2026')).toBeInTheDocument();
});

const items = [
  { id: 'transfers', section: 'Places', label: 'Transfers', keys: 'Ctrl 1' },
  { id: 'connections', section: 'Places', label: 'Connections', keys: 'Ctrl 2' },
  { id: 'add', section: 'Commands', label: 'Add a connection' },
];

function palette(recent: string[] = []) {
  const [onChoose, onClose] = [vi.fn<(id: string) => void>(), vi.fn<() => void>()];
  render(
    <CommandPalette label="Find or do anything" items={items} recent={recent} recentTitle="Last used" emptyText="Nothing fits." onChoose={onChoose} onClose={onClose} />,
  );
  return { onChoose, onClose, person: userEvent.setup() };
}

it('the palette has the focus in its line, and Enter takes the first that fits', async () => {
  const { onChoose, onClose, person } = palette();
  const line = await screen.findByRole('searchbox');
  await waitFor(() => expect(line).toHaveFocus());
  await person.keyboard('add c');
  await waitFor(() => expect(screen.getAllByRole('menuitem')).toHaveLength(1));
  await person.keyboard('{Enter}');
  expect(onChoose.mock.calls).toEqual([['add']]);
  expect(onClose).toHaveBeenCalledOnce();
});

it('what was used last stands first, arrows move through it, and the focus stays in the line', async () => {
  const { onChoose, person } = palette(['add']);
  const line = await screen.findByRole('searchbox');
  await waitFor(() => expect(line).toHaveFocus());
  expect(screen.getAllByRole('menuitem')[0]).toHaveTextContent('Add a connection');
  await person.keyboard('{ArrowDown}{ArrowDown}');
  expect(line).toHaveFocus();
  await person.keyboard('{Enter}');
  expect(onChoose.mock.calls).toEqual([['transfers']]);
});

it('what fits nothing is said, and one Escape leaves', async () => {
  const { onClose, person } = palette();
  const line = await screen.findByRole('searchbox');
  await waitFor(() => expect(line).toHaveFocus());
  await person.keyboard('zzz');
  expect(await screen.findByText('Nothing fits.')).toBeInTheDocument();
  await person.keyboard('{Escape}');
  expect(onClose).toHaveBeenCalled();
});

it('the list of keys names each group that has some', async () => {
  render(
    <KeyListDialog
      title="Keys"
      closeLabel="Close"
      onClose={() => {}}
      groups={[
        { id: 'here', title: 'In this place', keys: [{ keys: 'J  K', does: 'Next and previous row' }] },
        { id: 'none', title: 'Nowhere', keys: [] },
      ]}
    />,
  );
  expect(await screen.findByText('J')).toBeInTheDocument();
  expect(screen.queryByText('Nowhere')).not.toBeInTheDocument();
});
