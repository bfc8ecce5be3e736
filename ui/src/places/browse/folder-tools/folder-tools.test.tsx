import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { openWindow } from '@/test/open-window';

async function open(tool: RegExp, prepare: (fake: FakeIpc) => void = () => {}) {
  const window = await openWindow('/browse?at=c-evidence&path=/', undefined, prepare);
  (await screen.findByRole('button', { name: 'Folder tools' })).focus();
  await window.person.keyboard('{Enter}');
  await window.person.click(await screen.findByRole('menuitem', { name: tool }));
  return window;
}

async function plan(prepare?: (fake: FakeIpc) => void) {
  const window = await open(/Compare with/, prepare);
  await window.person.keyboard('/home/records/Documents{Enter}');
  await screen.findByRole('row', { name: /superseded/ });
  return window;
}

it('uploads that the queue goes on with are marked and never ended', async () => {
  const { person, fake } = await open(/Unfinished uploads/);
  await person.click(await screen.findByRole('row', { name: /Site camera 04/ }));
  expect(screen.getByRole('row', { name: /Site camera 04/ })).toHaveTextContent('of this queue');
  expect(screen.getByRole('button', { name: 'End 0 uploads…' })).toBeDisabled();
  await person.keyboard('{Control>}a{/Control}{Delete}');
  const question = await screen.findByRole('alertdialog');
  expect(question).toHaveTextContent('Site camera 02.mov, 1.3 GB');
  expect(question).not.toHaveTextContent('Site camera 04');
  await person.click(within(question).getByRole('button', { name: 'End them' }));
  await waitFor(() => expect(fake.entries.uploads.map((one) => one.id)).toEqual(['u-2']));
});

it('what is shown and ticked is what is run, by keyboard', async () => {
  const { person, fake } = await plan();
  expect(screen.getByText(/4 files to send, 2\.2 MB, nothing is removed/)).toBeInTheDocument();
  await person.click(screen.getByRole('row', { name: /Second letter/ }));
  await person.keyboard(' ');
  expect(await screen.findByText(/3 files to send/)).toBeInTheDocument();
  await person.click(screen.getByRole('button', { name: 'Run as shown' }));
  expect(await screen.findByText('It is on its way, exactly as it was shown')).toBeInTheDocument();
  expect(fake.comparisons.ran[0]?.ticked).toEqual(['Correspondence/2027-01-14 Reply.pdf', 'Exhibits/Exhibit 2.pdf', 'Exhibits/Invoice \u202Efdp.exe']);
  expect(fake.comparisons.ran[0]?.draft).toMatchObject({ source: { connection: null, path: '/home/records/Documents' }, target: { connection: 'c-evidence', path: '/' } });
});

it('nothing is removed that was not ticked, and what is ticked is asked for once more', async () => {
  const { person, fake } = await plan();
  await person.click(screen.getByRole('row', { name: /superseded/ }));
  await person.keyboard(' ');
  await screen.findByText(/1 to remove/);
  await person.click(screen.getByRole('button', { name: 'Run as shown' }));
  const question = await screen.findByRole('alertdialog');
  expect(fake.comparisons.ran).toEqual([]);
  await person.click(within(question).getByRole('button', { name: 'Run and remove' }));
  await waitFor(() => expect(fake.comparisons.ran[0]?.ticked).toContain('Exhibits/superseded.pdf'));
});

it('a plan that is closed is let go', async () => {
  const { person, fake } = await plan();
  expect(fake.comparisons.open).toBe(1);
  await person.keyboard('{Escape}');
  await waitFor(() => expect(fake.comparisons.open).toBe(0));
});
