import { render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { Button } from './button';
import { NumberField } from './number-field';
import { Popover, Tooltip } from './popover';
import { Segmented } from './segmented';
import { Skeleton } from './skeleton';
import { Switch } from './switch';
import { Tabs } from './tabs';

function Views() {
  const [ids, setIds] = useState(['one', 'two', 'three']);
  const [chosen, setChosen] = useState('one');
  return (
    <Tabs
      label="Views"
      tabs={ids.map((id) => ({ id, title: id, closable: id !== 'one', content: `content of ${id}` }))}
      chosen={chosen}
      onChoose={setChosen}
      onClose={(id) => setIds((before) => before.filter((one) => one !== id))}
      closeLabel={(title) => `Close ${title} (Delete)`}
    />
  );
}

it('tabs are moved through by arrows and closed by Delete; the neighbour is chosen', async () => {
  const person = userEvent.setup();
  render(<Views />);
  await person.tab();
  await person.keyboard('{Delete}');
  expect(screen.getByRole('tab', { name: 'one' })).toBeInTheDocument();
  await person.keyboard('{ArrowRight}');
  expect(screen.getByRole('tab', { name: 'two' })).toHaveFocus();
  expect(screen.getByRole('tabpanel')).toHaveTextContent('content of two');
  await person.keyboard('{Delete}');
  expect(screen.queryByRole('tab', { name: 'two' })).not.toBeInTheDocument();
  expect(screen.getByRole('tab', { name: 'three' })).toHaveAttribute('aria-selected', 'true');
  await person.click(screen.getByTitle('Close three (Delete)'));
  expect(screen.getByRole('tab', { name: 'one' })).toHaveAttribute('aria-selected', 'true');
});

it('of segments one is always chosen', async () => {
  const onChoose = vi.fn<(id: string) => void>();
  const person = userEvent.setup();
  render(<Segmented label="View" segments={[{ id: 'list', label: 'List' }, { id: 'cards', label: 'Cards' }]} chosen="list" onChoose={onChoose} />);
  await person.tab();
  await person.keyboard(' ');
  expect(onChoose).not.toHaveBeenCalled();
  await person.keyboard('{ArrowRight} ');
  expect(onChoose).toHaveBeenCalledWith('cards');
});

it('a switch is turned by Space, and its help belongs to it', async () => {
  const onChange = vi.fn<(on: boolean) => void>();
  const person = userEvent.setup();
  render(<Switch label="Watch" on={false} onChange={onChange} help="Also with the window closed" />);
  await person.tab();
  await person.keyboard(' ');
  expect(onChange).toHaveBeenCalledWith(true);
  expect(screen.getByRole('switch', { name: 'Watch' })).toHaveAccessibleDescription('Also with the window closed');
});

function Limit({ tell }: { tell: (text: string) => void }) {
  const [value, setValue] = useState<number | null>(5);
  const [unit, setUnit] = useState<'mb' | 'gb'>('mb');
  return (
    <NumberField
      label="Limit"
      value={value}
      onChange={(next) => {
        setValue(next);
        tell(`${next}`);
      }}
      units={[{ id: 'mb', label: 'MB' }, { id: 'gb', label: 'GB' }]}
      unit={unit}
      onUnit={(next) => {
        setUnit(next);
        tell(next);
      }}
      unitLabel="Unit"
      min={0}
      max={10}
    />
  );
}

it('a number is stepped by arrows within its bounds, emptied, and keeps its unit apart', async () => {
  const tell = vi.fn<(text: string) => void>();
  const person = userEvent.setup();
  render(<Limit tell={tell} />);
  await person.tab();
  await person.keyboard('{ArrowUp}');
  expect(tell).toHaveBeenLastCalledWith('6');
  const field = screen.getByRole('textbox', { name: 'Limit' });
  await person.clear(field);
  await person.type(field, '99');
  await person.tab();
  expect(tell).toHaveBeenLastCalledWith('10');
  // The unit by keyboard: a list that Escape leaves as it was, and that letters and arrows move through.
  const unit = screen.getByRole('button', { name: /Unit/ });
  expect(unit).toHaveFocus();
  await person.keyboard('{ArrowDown}');
  expect(await screen.findByRole('listbox', { name: /Unit/ })).toBeInTheDocument();
  await person.keyboard('{Escape}');
  expect(tell).toHaveBeenLastCalledWith('10');
  await waitFor(() => expect(unit).toHaveFocus());
  await person.keyboard('{ArrowDown}');
  await screen.findByRole('listbox');
  await person.keyboard('g{Enter}');
  expect(tell).toHaveBeenLastCalledWith('gb');
  await person.clear(field);
  await person.tab();
  expect(tell).toHaveBeenLastCalledWith('null');
});

it('a popover closes on Escape and gives the focus back', async () => {
  const person = userEvent.setup();
  render(
    <Popover label="More" trigger={<Button>Why</Button>}>
      Because
    </Popover>,
  );
  await person.tab();
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'More' })).toHaveTextContent('Because');
  await person.keyboard('{Escape}');
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Why' })).toHaveFocus());
});

it('a tooltip comes with the focus and describes what has it', async () => {
  const person = userEvent.setup();
  render(
    <Tooltip text="Last checked at 9:40">
      <Button>Checked</Button>
    </Tooltip>,
  );
  await person.tab();
  expect(await screen.findByRole('tooltip')).toHaveTextContent('Last checked at 9:40');
  expect(screen.getByRole('button', { name: 'Checked' })).toHaveAccessibleDescription('Last checked at 9:40');
});

it('what is being fetched says so once', () => {
  render(<Skeleton label="Loading" lines={4} shape="rows" />);
  expect(screen.getByRole('status', { name: 'Loading' })).toBeInTheDocument();
});
