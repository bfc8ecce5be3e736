import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { busyDay } from '@/ipc/fake/data';
import { overwriteGetLocale } from '@/messages';
import { offered } from '@/parts/commands';
import { openWindow } from '@/test/open-window';
import { places } from './places';

async function openPalette(place = '/connections', prepare?: Parameters<typeof openWindow>[2]) {
  const opened = await openWindow(place, undefined, prepare);
  await opened.person.keyboard('{Control>}k{/Control}');
  const dialog = await screen.findByRole('dialog', { name: 'Find or do anything' });
  await waitFor(() => expect(within(dialog).getByRole('searchbox')).toHaveFocus());
  return { ...opened, dialog };
}

it('Ctrl K finds a connection and goes to it', async () => {
  const { person } = await openPalette('/transfers');
  await person.keyboard('north');
  await waitFor(() => expect(screen.getAllByRole('menuitem')[0]).toHaveTextContent('north-gmbh'));
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('heading', { level: 1, name: 'Connections' })).toBeInTheDocument();
  expect(screen.getByRole('option', { name: /north-gmbh/ })).toHaveAttribute('aria-selected', 'true');
});

it('a file of the history is found by words of its name, wherever they stand in it', async () => {
  const { person } = await openPalette();
  await person.keyboard('camera 04');
  const found = await screen.findByRole('menuitem', { name: /Site camera 04/ });
  expect(found).toHaveTextContent('evidence-eu');
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('searchbox', { name: 'Find in transfers' })).toHaveValue('camera 04');
});

it('an answer that comes after a newer question is dropped', async () => {
  const waiting = new Map<string | null, () => void>();
  const { person, dialog } = await openPalette('/connections', (fake) => {
    const page = fake.transfersPage.bind(fake);
    fake.transfersPage = (filter, cursor, limit) =>
      new Promise((resolve) => waiting.set(filter.text, () => resolve(page(filter, cursor, limit))));
  });
  await person.keyboard('price');
  await waitFor(() => expect(waiting.has('price')).toBe(true));
  await person.clear(within(dialog).getByRole('searchbox'));
  await person.keyboard('INV-88120');
  await waitFor(() => expect(waiting.has('INV-88120')).toBe(true));
  act(() => waiting.get('INV-88120')?.());
  expect(await screen.findByRole('menuitem', { name: /INV-88120/ })).toBeInTheDocument();
  act(() => waiting.get('price')?.());
  await waitFor(() => expect(screen.getAllByRole('menuitem')).toHaveLength(1));
  expect(screen.queryByRole('menuitem', { name: /Price list/ })).not.toBeInTheDocument();
});

it('a command runs from the palette and is first the next time', async () => {
  const { person } = await openPalette();
  await person.keyboard('send f');
  await waitFor(() => expect(screen.getAllByRole('menuitem')[0]).toHaveTextContent('Send files'));
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: 'Send files' })).toBeInTheDocument();
  await person.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('dialog')).not.toBeInTheDocument());
  await person.keyboard('{Control>}k{/Control}');
  await screen.findByRole('dialog', { name: 'Find or do anything' });
  expect(screen.getAllByRole('menuitem')[0]).toHaveTextContent('Send files');
});

it('what is called otherwise in another language is found by both names', async () => {
  overwriteGetLocale(() => 'de');
  const { person } = await openWindow('/connections');
  await person.keyboard('{Control>}k{/Control}');
  await screen.findByRole('dialog', { name: 'Finden oder etwas tun' });
  await person.keyboard('connections');
  expect(await screen.findByRole('menuitem', { name: /^Verbindungen(?! übernehmen)/ })).toBeInTheDocument();
});

it('a search that the desk refuses leaves places and commands to be found', async () => {
  const { person } = await openPalette('/connections', (fake) => fake.refusals.set('transfersPage', { code: 'database', message: 'locked' }));
  await person.keyboard('transf');
  expect(await screen.findByRole('menuitem', { name: /Transfers/ })).toBeInTheDocument();
  await person.keyboard('zzz');
  expect(await screen.findByText('Nothing fits.')).toBeInTheDocument();
});

it('axe finds nothing in the palette', async () => {
  const { dialog } = await openPalette();
  const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});

it.each(places.map((place) => place.path))('every key that acts at %s is listed under ?', async (path) => {
  const { person } = await openWindow(path, busyDay(Date.now()));
  const acting = offered().flatMap((one) => one.commands).flatMap((command) => (command.keys === undefined ? [] : [command.keys]));
  expect(acting.length).toBeGreaterThan(0);
  await person.keyboard('?');
  const dialog = await screen.findByRole('dialog', { name: 'Keys' });
  const listed = within(dialog).getAllByRole('listitem').map((line) => [...line.querySelectorAll('kbd')].map((key) => key.textContent).join('  '));
  expect(listed).toEqual(expect.arrayContaining(acting));
});

it('nothing but the registry listens to the keys of the whole window', () => {
  const sources = import.meta.glob<string>('../**/*.{ts,tsx}', { query: '?raw', import: 'default', eager: true });
  const listening = Object.entries(sources).filter(([path, text]) => !path.includes('.test.') && /(window|document)\.addEventListener\('key/.test(text));
  expect(listening.map(([path]) => path)).toEqual(['../parts/commands.ts']);
});
