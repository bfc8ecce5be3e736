import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { busyDay, emptyDay, troubledConnections } from '@/ipc/fake/data';
import { openWindow } from '@/test/open-window';
import { guided } from './guided';

const MINUTE = 60_000;

it('tells what needs a person, the most pressing first, and one key answers it', async () => {
  const { person } = await openWindow('/today');
  const needs = within(await screen.findByRole('region', { name: 'Needs you' })).getAllByRole('listitem');
  expect(needs.map((need) => need.querySelector('b')?.textContent)).toEqual([
    'hm-court: another host key than before',
    '1 file is already there at evidence-eu',
    '1 file of “Nightly invoices” did not arrive',
  ]);
  await person.keyboard('1');
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('hm-court');
});

it('what signs in and ends is told with its time, and one key leads to the connection', async () => {
  const now = Date.now();
  const { person } = await openWindow('/today', { ...emptyDay(), connections: troubledConnections(now) });
  const needs = within(await screen.findByRole('region', { name: 'Needs you' })).getAllByRole('listitem');
  expect(needs.map((need) => need.querySelector('b')?.textContent)).toEqual([
    'The secret for old-partner has ended',
    'The sign-on for audit-reports ends soon',
    'The certificate for certified-partner ends soon',
  ]);
  expect(needs[2]).toHaveTextContent('in 4 days');
  await person.keyboard('3');
  expect(await screen.findByRole('complementary')).toHaveTextContent('certified-partner');
});

it('one key goes to what failed', async () => {
  const { person } = await openWindow('/today');
  await screen.findByRole('region', { name: 'Needs you' });
  await person.keyboard('3');
  expect(await screen.findByRole('heading', { level: 1, name: 'Transfers' })).toBeInTheDocument();
});

it('says since when nothing ran, and what ran while the window was closed', async () => {
  const now = Date.now();
  await openWindow('/today', undefined, (fake) => {
    fake.day.gap = { from: now - 90 * MINUTE, until: now - 60 * MINUTE, clockSetBack: false };
    fake.day.away = { from: now - 95 * MINUTE, until: now - 25 * MINUTE };
  });
  expect(await screen.findByText(/^Nothing ran between .* for 30 min/)).toBeInTheDocument();
  const away = screen.getByRole('region', { name: /^While the window was closed/ });
  expect(within(away).getAllByRole('listitem')).toHaveLength(1);
  expect(away).toHaveTextContent('Nightly invoices');
});

it('a clock that was set back is told, and no length', async () => {
  const now = Date.now();
  await openWindow('/today', undefined, (fake) => {
    fake.day.gap = { from: now, until: now - 60 * MINUTE, clockSetBack: true };
  });
  expect(await screen.findByText(/clock was set back/)).toBeInTheDocument();
  expect(screen.queryByText(/^Nothing ran between/)).not.toBeInTheDocument();
});

it('from the first start to the first matched file by two keys', async () => {
  guided.set(null);
  const { fake, person } = await openWindow('/today', emptyDay());
  expect(await screen.findByRole('button', { name: /Try the demo/ })).toHaveFocus();
  await person.keyboard('1');
  expect(await screen.findByText('The demo is there. Send its documents')).toBeInTheDocument();
  await person.keyboard('s');
  await waitFor(() => expect(fake.sent).toHaveLength(1));
  expect(fake.sent[0]).toMatchObject({ connection: 'c-demo-s3', proof: 'matched' });
  expect(await screen.findByText('On their way')).toBeInTheDocument();
  act(() => {
    Object.assign(fake.data.runs[0] ?? {}, { matched: 1, done: 1 });
    fake.topics.tell(['runs']);
  });
  expect(await screen.findByText('Matched: the first file has arrived')).toBeInTheDocument();
  guided.set(null);
});

it('a demo that cannot be started says why, and can be tried again', async () => {
  const { fake, person } = await openWindow('/today', emptyDay());
  fake.refusals.set('demoJoin', { code: 'disk', message: 'no space left on device' });
  await screen.findByRole('button', { name: /Try the demo/ });
  await person.keyboard('1');
  expect(await screen.findByRole('alert')).toHaveTextContent('disk');
  fake.refusals.delete('demoJoin');
  await person.keyboard('1');
  expect(await screen.findByText('The demo is there. Send its documents')).toBeInTheDocument();
});

it('the demo is removed after it was asked, with what is lost said', async () => {
  const { fake, person } = await openWindow('/today', emptyDay());
  await screen.findByRole('button', { name: /Try the demo/ });
  await person.keyboard('1');
  await person.click(await screen.findByRole('button', { name: 'Remove the demo' }));
  const asked = await screen.findByRole('alertdialog', { name: 'Remove the demo?' });
  expect(asked).toHaveTextContent('What was sent to its servers');
  await person.click(within(asked).getByRole('button', { name: 'Remove the demo' }));
  await waitFor(() => expect(fake.data.connections).toEqual([]));
  expect(await screen.findByRole('button', { name: /Try the demo/ })).toBeInTheDocument();
});

it('a day that cannot be read says why', async () => {
  await openWindow('/today', busyDay(Date.now()), (fake) => fake.refusals.set('today', { code: 'database', message: 'locked' }));
  expect(await screen.findByText("The desk's own records cannot be read")).toBeInTheDocument();
});

it('axe finds nothing in the day and in the first start', async () => {
  const rules = { rules: { 'color-contrast': { enabled: false } } };
  await openWindow('/today');
  await screen.findByRole('region', { name: 'Needs you' });
  const { violations } = await axe.run(document.body, rules);
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
