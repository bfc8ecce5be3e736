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

/** A day on which nothing asks, nothing failed and every connection answered. */
function wellDay(): FakeData {
  const day = busyDay(Date.now());
  const runs = day.runs.map((run) => ({ ...run, failed: 0 }));
  return { ...day, attention: [], runs, connections: day.connections.map((one) => ({ ...one, health: 'well' as const, failure: null })) };
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

it('as many things as Today lists need somebody in the rail, its badges, the header, the head of Today and Attention', async () => {
  const { person } = await openWindow('/today');
  const listed = within(await screen.findByRole('region', { name: 'Needs you' })).getAllByRole('listitem');
  expect(listed).toHaveLength(3);
  expect(rail().getByRole('button', { name: /3 need you/ })).toBeInTheDocument();
  expect(rail().getByRole('link', { name: /^Today\s*3 need you$/ })).toBeInTheDocument();
  expect(rail().getByRole('link', { name: /^Transfers\s*2 need you$/ })).toBeInTheDocument();
  expect(rail().getByRole('link', { name: /^Connections\s*1 cannot be used$/ })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: '3 need you' })).toBeInTheDocument();
  expect(within(screen.getByRole('main')).getByText(/^3 need you,/)).toBeInTheDocument();
  await person.keyboard('{Control>}i{/Control}');
  await screen.findByRole('heading', { level: 1, name: 'What needs you' });
  expect(within(screen.getByRole('main')).getByText('3 need you')).toBeInTheDocument();
});

it('files that failed need somebody wherever that is counted, though nothing asks', async () => {
  const day = wellDay();
  await openWindow('/today', { ...day, transfers: [], runs: day.runs.map((run) => ({ ...run, failed: run.id === 'r-3' ? 12 : 0 })) });
  expect(await screen.findByText('12 files of “Nightly invoices” did not arrive')).toBeInTheDocument();
  expect(rail().getByRole('button', { name: /1 needs you/ })).toBeInTheDocument();
  expect(rail().queryByText(/nothing needs you|all is well/)).not.toBeInTheDocument();
  expect(rail().getByRole('link', { name: /^Transfers\s*1 needs you$/ })).toBeInTheDocument();
  expect(screen.getByRole('button', { name: '1 needs you' })).toBeInTheDocument();
});

it('nothing needs somebody anywhere where Today lists nothing', async () => {
  const day = wellDay();
  await openWindow('/today', { ...day, transfers: [] });
  expect(await screen.findByText(/^Nothing needs you\./)).toBeInTheDocument();
  expect(await rail().findByText('all is well')).toBeInTheDocument();
  expect(screen.queryByText(/needs? you$/)).not.toBeInTheDocument();
});

it('a count of files or of connections says so', async () => {
  const { person } = await openWindow('/transfers');
  expect(await within(screen.getByRole('main')).findByText(/, 2 files need you/)).toBeInTheDocument();
  await person.click(rail().getByRole('link', { name: /Connections/ }));
  expect(await screen.findByText('5 connections, 1 cannot be used')).toBeInTheDocument();
});

it('a run that waits for the passphrase says so in its line, in the head and at its side, and asks for it', async () => {
  const day = closedDay();
  const [like] = day.runs;
  if (!like) throw new Error('the day has no run');
  const held = { ...like, id: 'r-new', title: 'secret.txt', counting: true, files: 0, matched: 0, done: 0, failed: 0, bytes: 0, bytesDone: 0, running: 0, waiting: 0, paused: 0, needsYou: 0 };
  const { fake, person } = await openWindow('/transfers', { ...day, transfers: [], runs: [held] }, (before) => before.day.held.set('r-new', 'a-closed'));
  const line = await screen.findByText('waits for the passphrase');
  expect(screen.queryByText(/not counted yet/)).not.toBeInTheDocument();
  expect(await screen.findByText('1 run waits for you')).toBeInTheDocument();
  const row = line.closest('[role=row]') as HTMLElement;
  const give = within(row).getByRole('button', { name: 'Give the passphrase…' });
  act(() => give.focus());
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'Passphrase of the secrets' })).toBeInTheDocument();
  await person.keyboard('{Escape}');
  await person.click(screen.getByText('secret.txt'));
  const side = await screen.findByRole('complementary');
  expect(within(side).getByText('north-gmbh: its vault is closed')).toBeInTheDocument();
  expect(within(side).getByRole('button', { name: 'Give the passphrase…' })).toBeInTheDocument();
  fake.data.attention = [];
  fake.day.held.clear();
  act(() => fake.topics.tell(['attention']));
  await waitFor(() => expect(screen.queryByText('waits for the passphrase')).not.toBeInTheDocument());
});

/** A question about a sign-in that the other end never saw. */
function hitched(facts: AttentionView['facts'], code: string): FakeData {
  const day = busyDay(Date.now());
  const failure = { ...CLOSED, code };
  return {
    ...day,
    connections: day.connections.map((one) => (one.id === 'c-north' ? { ...one, health: 'stopped' as const, failure } : one)),
    attention: [{ ...closedVault, facts }],
  };
}

it.each([
  ['a keyring that keeps silent', [{ key: 'vault-closed', value: 'keyring' }], 'keyring-silent', 'keyring silent', 'north-gmbh: the keyring did not answer', 'Settings, Secrets', 'Secrets'],
  ['a proxy that refuses its sign-in', [{ key: 'proxy-sign-in', value: 'http://proxy.example:3128' }], 'proxy-sign-in', 'proxy sign-in', 'north-gmbh: the proxy refused its sign-in', 'Settings, Network', 'Network'],
])('%s is called by its own name on the card, at its side and in its question, which leads to the settings', async (_what, facts, code, tag, line, way, section) => {
  const { fake, person } = await openWindow('/connections', hitched(facts, code));
  const card = await screen.findByRole('option', { name: /north-gmbh/ });
  expect(await within(card).findByText(tag)).toBeInTheDocument();
  await person.click(card);
  const side = await screen.findByRole('complementary');
  expect(await within(side).findByText(line)).toBeInTheDocument();
  expect(screen.queryByText(/sign-in refused|refused the sign-in/i)).not.toBeInTheDocument();
  const answer = within(side).getByRole('button', { name: 'Mend…' });
  act(() => answer.focus());
  await person.keyboard('{Enter}');
  const dialog = await screen.findByRole('dialog', { name: line });
  expect(dialog).toHaveTextContent(/[Nn]othing is lost/);
  expect(within(dialog).queryByLabelText('New secret')).not.toBeInTheDocument();
  await person.click(within(dialog).getByRole('button', { name: way }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Settings' })).toBeInTheDocument();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  expect(await screen.findByRole('option', { name: section, selected: true })).toBeInTheDocument();
  expect(fake.answers).toEqual([]);
});

it('a keyring that answers again lets everything go on', async () => {
  const { fake, person } = await openWindow('/today', hitched([{ key: 'vault-closed', value: 'keyring' }], 'keyring-silent'));
  expect(await screen.findByText('north-gmbh: the keyring did not answer')).toBeInTheDocument();
  expect(screen.getByText(/Unlock the keyring of this computer and try again/)).toBeInTheDocument();
  await person.keyboard('1');
  await person.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Try again' }));
  await waitFor(() => expect(fake.answers).toEqual([{ id: 'a-closed', answer: { answer: 'dismiss' } }]));
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
