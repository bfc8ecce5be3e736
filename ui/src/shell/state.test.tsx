import { act, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { AttentionView, FailureView } from '@/ipc';
import { busyDay, type FakeData } from '@/ipc/fake/data';
import { setBusy } from '@/parts/busy';
import { openSend } from '@/parts/open-dialog';
import { openWindow } from '@/test/open-window';

const CLOSED: FailureView = { kind: 'unauthenticated', side: 'destination', code: 'vault-closed', message: 'the secret password cannot be had' };

const closedVault: AttentionView = {
  id: 'a-closed', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null, raisedAt: 0,
  facts: [{ key: 'vault-closed', value: 'file' }, { key: 'message', value: 'the secret password cannot be had' }],
};

/** A day on which the encrypted file of secrets was not opened yet, and one connection needs it. */
function closedDay(): FakeData {
  const day = busyDay(Date.now());
  const connections = day.connections.map((one) => (one.id === 'c-north' ? { ...one, health: 'stopped' as const, failure: CLOSED } : one));
  return { ...day, connections, attention: [closedVault] };
}

/** A day on which nothing asks and every connection answered. */
function wellDay(): FakeData {
  const day = busyDay(Date.now());
  return { ...day, attention: [], connections: day.connections.map((one) => ({ ...one, health: 'well' as const, failure: null })) };
}

const rail = () => within(screen.getByRole('navigation', { name: 'Places' }));

it('a closed vault is called that on the card and at its side, with the passphrase a key away, and no sign-in is called refused', async () => {
  const { person } = await openWindow('/connections', closedDay());
  const card = await screen.findByRole('option', { name: /north-gmbh/ });
  expect(await within(card).findByText('vault closed')).toBeInTheDocument();
  expect(within(card).getByText(/Its vault is closed: nothing is sent until you give the passphrase/)).toBeInTheDocument();
  await person.click(card);
  const give = await screen.findByRole('button', { name: 'Give the passphrase…' });
  expect(screen.queryByText(/sign-in (was )?refused|refused the sign-in/i)).not.toBeInTheDocument();
  act(() => give.focus());
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'Passphrase of the secrets' })).toBeInTheDocument();
});

it.each(['/today', '/attention'])('a closed vault is a line of its own in %s, and its key opens it', async (place) => {
  const { person } = await openWindow(place, closedDay());
  expect(await screen.findByText('north-gmbh: its vault is closed')).toBeInTheDocument();
  expect(screen.getByText(/Nothing was refused and nothing is lost/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /Give the passphrase…/ })).toBeInTheDocument();
  expect(screen.queryByText(/sign-in refused/)).not.toBeInTheDocument();
  await person.keyboard('1');
  expect(await screen.findByRole('dialog', { name: 'Passphrase of the secrets' })).toBeInTheDocument();
});

it('a run that nobody has counted is called so in its line and in the head', async () => {
  const day = wellDay();
  const [like] = day.runs;
  if (!like) throw new Error('the day has no run');
  await openWindow('/transfers', {
    ...day,
    transfers: [],
    runs: [{ ...like, id: 'r-new', title: 'secret.txt', counting: true, files: 0, matched: 0, done: 0, failed: 0, bytes: 0, bytesDone: 0, running: 0, waiting: 0, paused: 0, needsYou: 0 }],
  });
  expect(await screen.findByText('not counted yet')).toBeInTheDocument();
  expect(await screen.findByText('1 run not counted yet')).toBeInTheDocument();
  expect(screen.queryByText(/0 of 0/)).not.toBeInTheDocument();
  expect(screen.queryByText('nothing is on its way')).not.toBeInTheDocument();
});

it('the rail says that all is well only where everything answered and files move', async () => {
  const { fake } = await openWindow('/transfers', wellDay());
  expect(await rail().findByText('all is well')).toBeInTheDocument();
  fake.data.connections = fake.data.connections.map((one, at) => (at === 0 ? { ...one, health: 'untested' } : one));
  act(() => fake.topics.tell(['connections']));
  expect(await rail().findByText('nothing needs you')).toBeInTheDocument();
  fake.data.connections = fake.data.connections.map((one, at) => (at === 0 ? { ...one, health: 'failed' } : one));
  act(() => fake.topics.tell(['connections']));
  expect(await rail().findByText('1 connection failed')).toBeInTheDocument();
});

it('the rail says that files do not move while the engine is down', async () => {
  await openWindow('/transfers', wellDay(), (fake) => {
    fake.system.shell = { engine: { state: 'down', reason: 'no room on the disk' }, safeGraphics: null };
  });
  expect(await rail().findByText('files do not move')).toBeInTheDocument();
  expect(rail().queryByText('all is well')).not.toBeInTheDocument();
});

it('the same words say how much needs somebody in the rail, the header, Today and Attention', async () => {
  const { person } = await openWindow('/today');
  expect(await rail().findByText('2 need you')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: '2 need you' })).toBeInTheDocument();
  expect(within(screen.getByRole('main')).getByText(/^2 need you,/)).toBeInTheDocument();
  await person.keyboard('{Control>}i{/Control}');
  await screen.findByRole('heading', { level: 1, name: 'What needs you' });
  expect(within(screen.getByRole('main')).getByText('2 need you')).toBeInTheDocument();
  expect(screen.queryByText(/question/)).not.toBeInTheDocument();
});

it('a database that is held is said in the dialog that lies over the window, and is gone with it', async () => {
  await openWindow('/transfers');
  act(() => openSend([], null));
  const dialog = await screen.findByRole('dialog', { name: 'Send files' });
  act(() => setBusy(true));
  expect(within(dialog).getByRole('status')).toHaveTextContent(/Another program holds the desk’s database/);
  act(() => setBusy(false));
  await waitFor(() => expect(within(dialog).queryByText(/Another program holds/)).not.toBeInTheDocument());
});

it('a connection whose folder is not there is changed from Browse', async () => {
  const { person } = await openWindow('/browse?at=c-north&path=/', busyDay(Date.now()), (fake) => {
    fake.folders.barred.set('c-north:/', { code: 'remote', failure: { ...CLOSED, kind: 'not-found', code: null } });
  });
  expect(await screen.findByText('The folder or bucket of north-gmbh is not there')).toBeInTheDocument();
  const change = screen.getByRole('button', { name: 'Change north-gmbh…' });
  act(() => change.focus());
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: /north-gmbh/ })).toBeInTheDocument();
});

it('a connection whose test fails is changed from what the test says', async () => {
  const day = busyDay(Date.now());
  const failed = { ...CLOSED, kind: 'not-found' as const, code: null };
  const { person } = await openWindow('/connections?chosen=c-north', {
    ...day,
    attention: [],
    connections: day.connections.map((one) => (one.id === 'c-north' ? { ...one, health: 'failed' as const, failure: failed } : one)),
  });
  const change = await screen.findByRole('button', { name: 'Change the settings' });
  act(() => change.focus());
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: /north-gmbh/ })).toBeInTheDocument();
});
