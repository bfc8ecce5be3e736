// Ways from a connection to what belongs to it: its folders, its runs, the demo, and what hangs on it.
import { act, screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import { connection, emptyDay } from '@/ipc/fake/data';
import { manySpecs } from '@/ipc/fake/specs';
import { systemsDay } from '@/ipc/fake/systems';
import { dropFolder, rememberDropFolder } from '@/parts/remembered';
import { openWindow } from '@/test/open-window';
import { whereLine } from './describe';
import { forgetTests } from './test-runs';

afterEach(forgetTests);

const cardOf = (name: string) => screen.findByRole('option', { name: new RegExp(name) });

it('Enter that comes before the address has been read fills the form all the same', async () => {
  const { person, fake } = await openWindow('/connections', emptyDay());
  await screen.findByText('No connection yet');
  const letGo = fake.hold('readAddress');
  await person.keyboard('n');
  await person.click(await screen.findByRole('textbox', { name: 'Or paste an address' }));
  await person.paste('sftp://me@files.example:2222/in');
  await person.keyboard('{Enter}');
  expect(screen.queryByRole('textbox', { name: 'Host' })).not.toBeInTheDocument();
  act(() => letGo());
  expect(await screen.findByRole('textbox', { name: 'Host' })).toHaveValue('files.example');
});

it('a recent run leads to it among the transfers, and B into the folders', async () => {
  const { person } = await openWindow('/connections');
  await person.click(await cardOf('evidence-eu'));
  const side = await screen.findByRole('complementary');
  await person.click(await within(side).findByRole('button', { name: /Evidence bundle, matter 2291/ }));
  await screen.findByRole('heading', { name: 'Transfers' });
  await person.click(screen.getByRole('link', { name: /Connections/ }));
  await person.click(await cardOf('evidence-eu'));
  await person.keyboard('b');
  expect(await screen.findByRole('heading', { name: 'evidence-eu:/' })).toBeInTheDocument();
});

it('what belongs to the demo is marked beside one’s own', async () => {
  const { fake } = await openWindow('/connections');
  await act(() => fake.demoJoin());
  expect(within(await cardOf('demo-s3')).getByText('Demo')).toBeInTheDocument();
  expect(within(await cardOf('north-gmbh')).queryByText('Demo')).not.toBeInTheDocument();
});

it('an empty desk offers the demo here too, and shows its documents', async () => {
  const { person } = await openWindow('/connections', emptyDay());
  await person.click(await screen.findByRole('button', { name: 'Try the demo' }));
  expect(await screen.findByText('The demo is there. Send its documents')).toBeInTheDocument();
});

it('lists the views that show only its transfers, and the folder of its drops, which comes back with it', async () => {
  rememberDropFolder('c-lab', '/scans');
  const { person, fake } = await openWindow('/connections');
  await fake.saveView({ id: null, place: '/transfers', name: 'Of the lab', search: { connection: 'c-lab' } });
  await fake.saveView({ id: null, place: '/transfers', name: 'Failures', search: { show: 'failed' } });
  await person.click(await cardOf('lab-intake'));
  await person.keyboard('{Delete}');
  const list = await within(await screen.findByRole('alertdialog')).findByRole('list', { name: 'What hangs on it' });
  expect(list).toHaveTextContent('The saved view “Of the lab” stays');
  expect(list).toHaveTextContent('Dropped files went into /scans');
  expect(list).not.toHaveTextContent('Failures');
  await person.click(screen.getByRole('button', { name: 'Remove' }));
  const undo = await screen.findByRole('button', { name: 'Undo' });
  expect(dropFolder('c-lab')).toBe('/');
  await person.click(undo);
  expect(dropFolder('c-lab')).toBe('/scans');
});

const cloud = (kind: string, settings: [string, string][]) => connection(`c-${kind}`, `my-${kind}`, kind, settings, {});

it('a card names what a person knows it by: hosts for addresses, and no ids', () => {
  const workflow = manySpecs.find((spec) => spec.kind === 'workflow');
  const settings: [string, string][] = [['base_url', 'https://us.api.opentext.com/v1'], ['tenant', '0f4e7c1a-33b2-4c0e-9d55-6f0a7b1c2d3e'], ['client_id', 'desk-client'], ['user', 'ada@north.example']];
  expect(whereLine(cloud('workflow', settings), workflow)).toBe('OpenText Workflow Service, us.api.opentext.com, ada@north.example');
  expect(whereLine(cloud('workflow', [['base_url', 'http://127.0.0.1:9002'], ['tenant', 'north']]), workflow)).toBe('OpenText Workflow Service, 127.0.0.1:9002, north');
});

it('what has no folders stands in no tree, and says where its things are', async () => {
  const { person } = await openWindow('/browse?at=c-tasks&path=/', systemsDay(Date.now()));
  expect(await screen.findByText('north-tasks has no folders')).toBeInTheDocument();
  const tree = screen.getByRole('treegrid');
  expect(await within(tree).findByRole('row', { name: 'archive' })).toBeInTheDocument();
  expect(within(tree).queryByRole('row', { name: 'north-tasks' })).toBeNull();
  await person.click(screen.getByRole('button', { name: 'Show the connection' }));
  const side = await screen.findByRole('complementary');
  expect(side).toHaveTextContent('north-tasks');
  expect(within(side).queryByRole('button', { name: 'Browse' })).toBeNull();
});
