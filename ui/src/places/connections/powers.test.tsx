// What a connection can do, how long its sign-in holds, and what is not offered where it cannot be.
import { screen, within } from '@testing-library/react';
import { afterEach, expect, it } from 'vitest';
import type { SignedInView } from '@/ipc';
import { connection } from '@/ipc/fake/data';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';
import { signedInLine } from './describe';
import { forgetTests } from './test-runs';

afterEach(forgetTests);

const NOW = Date.now();

async function sideOf(name: string, kind: string, signedIn?: SignedInView) {
  const day = systemsDay(NOW);
  day.connections.push(connection('c-new', 'new-one', kind, [], { lastGoodAt: NOW }));
  const { person } = await openWindow('/connections', day, (fake) => {
    if (signedIn) fake.signedIn[kind] = signedIn;
  });
  await person.click(await screen.findByRole('option', { name: new RegExp(name) }));
  const side = await screen.findByRole('complementary');
  await within(side).findByRole('heading', { name: 'What it can do' });
  return { person, side };
}

it('a service of tasks says what it is for, once that it holds no files, and offers neither folders nor sending', async () => {
  const { person, side } = await sideOf('new-one', 'workflow');
  expect(within(side).getByText('has an inbox of tasks')).toBeInTheDocument();
  expect(within(side).getByText('holds no files: nothing is sent there or looked into')).toBeInTheDocument();
  expect(within(side).queryByText('allows no renaming')).not.toBeInTheDocument();
  expect(within(side).queryByRole('button', { name: 'Browse' })).not.toBeInTheDocument();
  expect(within(side).queryByRole('button', { name: 'Send…' })).not.toBeInTheDocument();
  expect(within(side).queryByRole('textbox', { name: 'Drops go to' })).not.toBeInTheDocument();
  await person.click(within(side).getByRole('button', { name: 'More' }));
  expect(await screen.findByRole('menuitem', { name: /Browse/ })).toHaveAttribute('aria-disabled', 'true');
  expect(screen.getByRole('menuitem', { name: /Send/ })).toHaveAttribute('aria-disabled', 'true');
});

it('a repository tells what it is for and what others of its kind have, and not what it has by another name', async () => {
  const { side } = await sideOf('records', 'xecm');
  for (const word of ['has forms that are filled in here', 'tells who did what to a file', 'keeps what was deleted in a recycle bin'])
    expect(within(side).getByText(word)).toBeInTheDocument();
  expect(within(side).getByText('has no records management, or this account may not use it')).toBeInTheDocument();
  expect(within(side).queryByText(/has no workspaces/)).not.toBeInTheDocument();
  for (const word of ['keeps no tags', 'has no retention', 'makes no links', 'does not tell its free space'])
    expect(within(side).queryByText(word)).not.toBeInTheDocument();
  expect(within(side).getByRole('button', { name: 'Browse' })).toBeInTheDocument();
});

it('a server that has none of it is not told what it never promised', async () => {
  const { side } = await sideOf('north-gmbh', 'sftp');
  expect(within(side).queryByText(/workspaces|records management|inbox/)).not.toBeInTheDocument();
  expect(within(side).getByText('keeps no tags')).toBeInTheDocument();
});

it('how long a sign-in holds stands in the side', async () => {
  const { side } = await sideOf('new-one', 'workflow', { until: null, renews: true });
  expect(within(side).getByText('renewed by itself')).toBeInTheDocument();
});

it.each([
  [{ until: NOW + 60_000, renews: true }, /^until .+, renewed by itself$/],
  [{ until: NOW + 60_000, renews: false }, /^until .+, then somebody signs in again$/],
  [{ until: NOW - 1, renews: true }, /^renewed by itself with the next call$/],
  [{ until: NOW - 1, renews: false }, /^no longer; somebody has to sign in again$/],
] as const)('a sign-in that holds as %o is told', (signedIn, words) => {
  expect(signedInLine(signedIn, NOW)).toMatch(words);
});

it('of a sign-in that nobody renews and whose end nobody knows nothing is told', () => {
  expect(signedInLine({ until: null, renews: false }, NOW)).toBeNull();
});
