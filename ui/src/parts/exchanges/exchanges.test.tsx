import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { exchange, manyExchanges, someExchanges } from '@/ipc/fake/exchanges';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { manySpecs } from '@/ipc/fake/specs';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';

const NOW = Date.UTC(2026, 10, 22, 10);
const some = (fake: FakeIpc) => {
  fake.said = someExchanges(NOW);
};

async function opened(prepare: (fake: FakeIpc) => void, place = '/settings') {
  const window = await openWindow(place, undefined, prepare);
  if (place === '/settings') {
    await window.person.click(await screen.findByRole('option', { name: /^Help from others/ }));
    await window.person.click(await screen.findByRole('button', { name: 'What was said with web services…' }));
  }
  const dialog = await screen.findByRole('dialog', { name: 'What was said with web services' });
  return { ...window, dialog };
}

const rows = (dialog: HTMLElement) => within(dialog).getAllByRole('row').length - 1;

it('nothing yet says what will stand there, and that secrets are masked', async () => {
  const { dialog } = await opened(() => {});
  expect(await within(dialog).findByText('Nothing was said yet')).toBeInTheDocument();
  expect(dialog).toHaveTextContent(/Secrets in it are masked, and nothing of it is written to disk/);
  expect(within(dialog).queryByRole('button', { name: 'Forget all' })).not.toBeInTheDocument();
});

it('shows the newest first, and of the chosen one what was said and why it failed', async () => {
  const { dialog, person } = await opened(some);
  await waitFor(() => expect(rows(dialog)).toBe(9));
  expect(dialog).toHaveTextContent('The answer has not come yet.');
  await person.click(within(dialog).getByRole('row', { name: /oauth\.canto\.example/ }));
  expect(dialog).toHaveTextContent('oauth.canto.example:443 did not answer within 10 seconds');
  expect(within(dialog).getByRole('row', { name: /oauth\.canto\.example/ })).toHaveTextContent('no answer');
  await person.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowDown}');
  expect(within(dialog).getByRole('group', { name: 'Body of the answer' })).toHaveTextContent('"name": "Approve invoice 77120"');
});

it('is narrowed by a text and by a connection', async () => {
  const { dialog, person } = await opened(some);
  await waitFor(() => expect(rows(dialog)).toBe(9));
  await person.type(within(dialog).getByRole('searchbox', { name: 'Find in addresses and bodies' }), 'token');
  await waitFor(() => expect(rows(dialog)).toBe(2));
  await person.click(within(dialog).getByRole('button', { name: /Connection/ }));
  await person.click(await screen.findByRole('option', { name: 'press-library' }));
  await waitFor(() => expect(rows(dialog)).toBe(1));
  await person.type(within(dialog).getByRole('searchbox'), ' nobody');
  await person.click(await within(dialog).findByRole('button', { name: 'Show all' }));
  await waitFor(() => expect(rows(dialog)).toBe(9));
});

it('is copied as text and as a command, with the masks', async () => {
  const { dialog, person } = await opened(some);
  await person.click(await within(dialog).findByRole('row', { name: /500/ }));
  await person.click(within(dialog).getByRole('button', { name: 'Copy as curl' }));
  expect(await navigator.clipboard.readText()).toMatch(/^curl -X 'POST' .*[\s\S]*authorization: Bearer •••/);
  await person.click(within(dialog).getByRole('button', { name: 'Copy' }));
  expect(await navigator.clipboard.readText()).toContain('"message": "An unexpected error occurred"');
  await person.click(within(dialog).getByRole('row', { name: /404/ }));
  await person.keyboard('{ArrowDown}{Control>}c{/Control}');
  await waitFor(async () => expect(await navigator.clipboard.readText()).toContain('press-library, read, 140 ms'));
});

it('comes by itself while it is looked at, and pushes nothing away', async () => {
  const { dialog, fake } = await opened(some);
  await waitFor(() => expect(rows(dialog)).toBe(9));
  fake.said = [exchange(10, NOW, { address: 'https://us.api.opentext.com/new' }), ...fake.said];
  await waitFor(() => expect(rows(dialog)).toBe(10), { timeout: 3000 });
  expect(within(dialog).getByRole('row', { selected: true })).toHaveTextContent('20260000000000000018');
});

it('is forgotten where somebody says so', async () => {
  const { dialog, person, fake } = await opened(some);
  await person.click(await within(dialog).findByRole('button', { name: 'Forget all' }));
  expect(await within(dialog).findByText('Nothing was said yet')).toBeInTheDocument();
  expect(fake.said).toEqual([]);
});

it('of one connection is asked for at the connection', async () => {
  const { person } = await openWindow('/connections', systemsDay(NOW), (fake) => {
    fake.said = [exchange(2, NOW, { connection: 'brand-library' }), ...someExchanges(NOW)];
    fake.specs = manySpecs;
  });
  await person.click(await screen.findByRole('option', { name: /brand-library/ }));
  await person.click(within(await screen.findByRole('complementary')).getByRole('button', { name: 'More' }));
  await person.click(await screen.findByRole('menuitem', { name: 'What was said…' }));
  const dialog = await screen.findByRole('dialog', { name: 'What was said with web services' });
  await waitFor(() => expect(rows(dialog)).toBe(1));
});

it('is not offered where nothing of it is kept', async () => {
  const { person } = await openWindow('/connections', systemsDay(NOW));
  await person.click(await screen.findByRole('option', { name: /lab-intake/ }));
  await person.click(within(await screen.findByRole('complementary')).getByRole('button', { name: 'More' }));
  await screen.findByRole('menuitem', { name: /Browse its folders/ });
  expect(screen.queryByRole('menuitem', { name: 'What was said…' })).toBeNull();
});

it('axe finds nothing among many, with an address that ends nowhere', async () => {
  const { dialog } = await opened((fake) => {
    fake.said = manyExchanges(NOW);
  });
  expect(await within(dialog).findByText(/Only the beginning of 412 kB is kept/)).toBeInTheDocument();
  const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
