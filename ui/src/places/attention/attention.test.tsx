import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { busyDay, type FakeData } from '@/ipc/fake/data';
import { openWindow } from '@/test/open-window';

/** A day on which as many files of a run are already there. */
function crowded(count: number): FakeData {
  const day = busyDay(Date.now());
  const like = day.attention.find((one) => one.kind === 'conflict');
  if (!like) throw new Error('the day has no conflict');
  const more = Array.from({ length: count }, (_, at) => ({ ...like, id: `a-many-${at}`, run: 'r-3', transfer: `t-many-${at}` }));
  return { ...day, attention: [...day.attention, ...more] };
}

it('Ctrl I goes there, and the header counts what is open', async () => {
  const { person } = await openWindow('/transfers');
  expect(await screen.findByRole('button', { name: '3 need you' })).toBeInTheDocument();
  await person.keyboard('{Control>}i{/Control}');
  expect(await screen.findByRole('heading', { level: 1, name: 'What needs you' })).toBeInTheDocument();
});

it('ten thousand conflicts are one line, shown a hundred at a time, and answered once', async () => {
  const { fake, person } = await openWindow('/attention', crowded(10_000));
  const group = await screen.findByRole('region', { name: '10,000 files are already there at evidence-eu' });
  await person.click(within(group).getByRole('button', { name: /^Show each/ }));
  await waitFor(() => expect(within(group).getAllByRole('listitem')).toHaveLength(100));
  await person.click(within(group).getByRole('button', { name: 'Show more' }));
  await waitFor(() => expect(within(group).getAllByRole('listitem')).toHaveLength(200));
  await person.keyboard('3');
  const dialog = await screen.findByRole('alertdialog');
  expect(within(dialog).getByRole('checkbox')).toBeChecked();
  await person.click(within(dialog).getByRole('button', { name: /Skip/ }));
  await waitFor(() => expect(fake.answers).toEqual([{ id: 'a-many-0', answer: { answer: 'conflict', rule: 'skip', forAllOfRun: true } }]));
  await waitFor(() => expect(screen.queryByRole('region', { name: /10,000 files/ })).not.toBeInTheDocument());
  expect(screen.getByRole('region', { name: /hm-court/ })).toBeInTheDocument();
});

it('a question that was answered elsewhere closes by itself', async () => {
  const { fake, person } = await openWindow('/attention');
  await screen.findByRole('region', { name: /hm-court/ });
  await person.keyboard('1');
  await screen.findByRole('alertdialog');
  fake.data.attention = [];
  fake.data.runs = [];
  fake.topics.tell(['attention', 'runs']);
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  expect(await screen.findByText('Nothing needs you.')).toBeInTheDocument();
});
