import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import { fakeEntry } from '@/ipc/fake/folders';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';

const MATTER = '/browse?at=c-evidence&path=/matter-2291';
const PLACE = { connection: 'c-evidence', path: '/matter-2291/Notes.md' };

async function choose(name: string, prepare: (fake: FakeIpc) => void = () => {}) {
  const window = await openWindow(MATTER, undefined, (fake) => {
    const folder = fake.folders.tree('c-evidence').get('/matter-2291');
    for (const file of ['hostile.html', 'hostile.md', 'hostile.txt', 'table.csv']) folder?.push(fakeEntry('/matter-2291', file, { size: 300 }));
    prepare(fake);
  });
  await window.person.click(await screen.findByRole('row', { name: new RegExp(name) }));
  return { ...window, side: await screen.findByRole('complementary', { name: 'The chosen entry' }) };
}

/** Goes to a tab as the keyboard does. */
async function tab({ person, side }: Awaited<ReturnType<typeof choose>>, name: string) {
  const first = await within(side).findByRole('tab', { name: 'Preview' });
  first.focus();
  // oxlint-disable-next-line no-await-in-loop -- one key after the other
  while (document.activeElement?.textContent !== name) await person.keyboard('{ArrowRight}');
}

it('hostile texts are words: nothing of them runs, loads or leads away', async () => {
  const page = await choose('hostile.html');
  const now = () => screen.findByRole('complementary', { name: 'The chosen entry' });
  expect(await within(page.side).findByText(/window.top.pwned=1/)).toBeInTheDocument();
  expect(page.side).toHaveTextContent('a web page, shown as its source');
  await page.person.click(screen.getByRole('row', { name: /hostile.md/ }));
  await screen.findByRole('heading', { name: 'Harmless' });
  let side = await now();
  expect(side.querySelector('script, iframe, img, a[href], [onerror]')).toBeNull();
  expect(side).toHaveTextContent('(https://203.0.113.9/link)');
  await page.person.click(screen.getByRole('row', { name: /hostile.txt/ }));
  side = await now();
  await waitFor(() => expect(side).toHaveTextContent('Pay to ⟨202E⟩0004-7119⟨202C⟩ today␀␇'));
  expect(side).toHaveTextContent('read as windows-1252, a guess');
  expect('pwned' in window).toBe(false);
});

it('a table of a hundred thousand rows is drawn as far as it is seen', async () => {
  const { side } = await choose('table.csv', (fake) => {
    fake.entries.contents.set('table.csv', { kind: 'text', text: `a;b\n${'1;"2; and more"\n'.repeat(100_000)}`, encoding: 'UTF-8', guessed: false, form: 'table', read: 300 });
  });
  expect(await within(side).findByText('100,000 rows')).toBeInTheDocument();
  expect(within(side).getByRole('table')).toHaveAttribute('aria-rowcount', '100001');
  expect(within(side).getAllByRole('row').length).toBeLessThan(100);
});

it('who moves on to another file lets go of the one before', async () => {
  const { fake, person } = await choose('Notes.md');
  await waitFor(() => expect(fake.entries.open.size).toBe(1));
  await person.click(screen.getByRole('row', { name: /hostile.txt/ }));
  await waitFor(() => expect(screen.getByRole('complementary', { name: 'The chosen entry' })).toHaveTextContent('a guess'));
  expect(fake.entries.open.size).toBe(1);
  await person.click(screen.getByRole('link', { name: /Transfers/ }));
  await waitFor(() => expect(fake.entries.open.size).toBe(0));
});

it('a file that changed since the list was read says so', async () => {
  const { side, fake, person } = await choose('Notes.md', (one) => {
    one.refusals.set('preview', { code: 'remote', failure: { kind: 'changed', side: 'source', message: 'the file changed', code: null } });
  });
  expect(await within(side).findByText('It changed since the list was read')).toBeInTheDocument();
  fake.refusals.clear();
  await person.click(within(side).getByRole('button', { name: 'Try again' }));
  expect(await within(side).findByRole('heading', { name: 'Notes on matter 2291' })).toBeInTheDocument();
});

it('an earlier version is made current by keyboard, and taken back', async () => {
  const opened = await choose('Notes.md');
  const { side, person, fake } = opened;
  await tab(opened, 'Versions');
  const acts = await within(side).findAllByRole('button', { name: /What can be done/ });
  acts[3]?.focus();
  await person.keyboard('{Enter}');
  await screen.findByRole('menuitem', { name: 'Make it current again' });
  await person.keyboard('{Enter}');
  await waitFor(() => expect(fake.entries.of(PLACE).versions).toHaveLength(5));
  await person.click(await screen.findByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(fake.entries.of(PLACE).versions).toHaveLength(4));
});

it('deleting a version says what is lost, and Enter alone deletes nothing', async () => {
  const opened = await choose('Notes.md');
  await tab(opened, 'Versions');
  const acts = await within(opened.side).findAllByRole('button', { name: /What can be done/ });
  acts[3]?.focus();
  await opened.person.keyboard('{Enter}{End}{Enter}');
  const question = await screen.findByRole('alertdialog');
  expect(question).toHaveTextContent(/Notes.md as of .*2\.9 kB/);
  await opened.person.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  expect(opened.fake.entries.of(PLACE).versions).toHaveLength(4);
});

it('tags that somebody else changed are shown and nothing is saved over them', async () => {
  const opened = await choose('Notes.md');
  const { side, person, fake } = opened;
  await tab(opened, 'Details');
  await person.click(await within(side).findByRole('button', { name: 'Edit tags' }));
  fake.entries.of(PLACE).tags = [{ key: 'matter', value: '4711' }];
  const value = within(side).getByRole('textbox', { name: 'Value 1' });
  await person.clear(value);
  await person.type(value, '2292{Enter}');
  expect(await within(side).findByText('Somebody changed the tags meanwhile')).toBeInTheDocument();
  expect(fake.entries.of(PLACE).tags).toEqual([{ key: 'matter', value: '4711' }]);
  await person.click(within(side).getByRole('button', { name: 'Go on with mine over these' }));
  await person.click(within(side).getByRole('button', { name: 'Save tags' }));
  await waitFor(() => expect(fake.entries.of(PLACE).tags[0]).toEqual({ key: 'matter', value: '2292' }));
});

it('a compliance retention needs its date typed a second time', async () => {
  const opened = await choose('Notes.md');
  const { side, person, fake } = opened;
  await tab(opened, 'Details');
  await person.click(await within(side).findByRole('button', { name: 'Set retention…' }));
  await person.click(screen.getByRole('radio', { name: 'Compliance' }));
  expect(screen.getByText(/cannot be shortened or lifted by anybody/)).toBeInTheDocument();
  await person.type(screen.getByRole('textbox', { name: /Until the end of/ }), '2091-12-31');
  await person.click(screen.getByRole('button', { name: 'Set retention' }));
  const question = await screen.findByRole('alertdialog');
  expect(fake.entries.of(PLACE).retention).toBeNull();
  await person.type(within(question).getByRole('textbox'), '2091-12-31{Enter}');
  await waitFor(() => expect(fake.entries.of(PLACE).retention?.mode).toBe('compliance'));
});

it('a link is shown once with until when, and what it means', async () => {
  const { side, person } = await choose('Notes.md');
  await person.click(within(side).getByRole('button', { name: 'Make a link…' }));
  await person.click(screen.getByRole('button', { name: 'Make the link' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText(/X-Amz-Expires=86400/);
  expect(dialog).toHaveTextContent('Anybody who has it can read the file until then');
  await person.click(within(dialog).getByRole('button', { name: 'Done' }));
  expect(document.body).not.toHaveTextContent('X-Amz-Signature');
});

it('what the window cannot draw is shown as the remote draws it, and says so', async () => {
  const { person } = await openWindow('/browse?at=c-library&path=/Brand 2027', systemsDay(Date.now()));
  await person.click(await screen.findByRole('row', { name: /Price list cover/ }));
  const side = await screen.findByRole('complementary', { name: 'The chosen entry' });
  await person.click(await within(side).findByRole('tab', { name: 'Preview' }));
  expect(await within(side).findByRole('img', { name: /Price list cover/ })).toBeInTheDocument();
  expect(side).toHaveTextContent('As brand-library shows it');
});
