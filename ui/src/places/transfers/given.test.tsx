import { screen, within } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';

const METADATA = [
  {
    form: '8801',
    values: [
      { key: 'value', value: { type: 'one' as const, value: '12000.5' } },
      { key: 'parties', value: { type: 'rows' as const, rows: [[{ key: 'name', value: { type: 'one' as const, value: 'Hollis Marsh' } }, { key: 'role', value: { type: 'one' as const, value: 'Buyer' } }]] } },
    ],
  },
];

async function openSent(prepare: (fake: FakeIpc) => void = () => {}) {
  const day = systemsDay(Date.now());
  day.metadata['r-1'] = METADATA;
  for (const one of day.transfers) if (one.run === 'r-1') one.destination = { connection: 'c-records', connectionName: 'records', path: `/Contracts/${one.name}` };
  const window = await openWindow('/transfers', day, prepare);
  await window.person.click(await screen.findByRole('row', { name: /Deposition transcript/ }));
  return { ...window, side: await screen.findByRole('complementary', { name: 'Transfer' }) };
}

/** The part of the side, once its form is read. */
async function part(side: HTMLElement) {
  const section = (await within(side).findByRole('heading', { name: 'Metadata sent with it' })).closest('section');
  if (!section) throw new Error('a heading stands in its part');
  return within(section);
}

it('the side of a transfer shows the metadata that went with it, and no field that was not given', async () => {
  const { side } = await openSent();
  const given = await part(side);
  expect(await given.findByText('Contract')).toBeInTheDocument();
  expect(given.getByText('12,000.5')).toBeInTheDocument();
  expect(within(given.getByRole('table', { name: 'Parties' })).getByRole('cell', { name: 'Hollis Marsh' })).toBeInTheDocument();
  expect(given.queryByText('Title')).not.toBeInTheDocument();
});

it('the evidence that is copied names the metadata, in words and by the keys of the remote', async () => {
  const { person, side } = await openSent();
  await within(side).findByText('Contract');
  const written = vi.spyOn(navigator.clipboard, 'writeText');
  await person.click(within(side).getByRole('button', { name: 'Copy the evidence' }));
  const text = written.mock.calls[0]?.[0] ?? '';
  expect(text).toMatch(/^Metadata: +Contract \/ Value in EUR: 12,000\.5$/m);
  expect(text).toMatch(/^Metadata: +Contract \/ Parties: Hollis Marsh · Buyer$/m);
  await person.click(within(side).getByRole('button', { name: 'As JSON' }));
  expect(JSON.parse(written.mock.calls[1]?.[0] ?? '').metadata).toEqual(METADATA);
});

it('a connection that does not say its forms has the metadata shown by its keys', async () => {
  const { side } = await openSent((fake) => fake.refusals.set('forms', { code: 'database', message: 'locked' }));
  const given = await part(side);
  expect(given.getByText('8801')).toBeInTheDocument();
  expect(given.getByText('12000.5')).toBeInTheDocument();
  expect(within(given.getByRole('table', { name: 'parties' })).getByRole('columnheader', { name: 'role' })).toBeInTheDocument();
});

it('a transfer without metadata has no such part', async () => {
  const { person } = await openWindow('/transfers', systemsDay(Date.now()));
  await person.click(await screen.findByRole('row', { name: /Deposition transcript/ }));
  const side = await screen.findByRole('complementary', { name: 'Transfer' });
  await within(side).findByText('What happened');
  expect(within(side).queryByText('Metadata sent with it')).not.toBeInTheDocument();
});
