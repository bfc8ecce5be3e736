// Files that are sent into folders which ask for metadata: who is asked, and what goes.
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { hold } from '@/places/browse/clipboard';
import { tabs } from '@/places/browse/tabs-state';
import { openWindow } from '@/test/open-window';
import { rememberDropFolder } from '@/parts/remembered';

const DRAFTS = '/Contracts/Drafts';
const SCANS = ['/home/records/Terms.pdf', '/home/records/Annex.pdf'];
const REVIEWER = { form: '8803', values: [{ key: 'reviewer', value: { type: 'one', value: 'a.vogel' } }] };
const TITLE = 'Metadata for 2 files';

const open = (place: string, prepare: (fake: FakeIpc) => void = () => {}) => openWindow(place, systemsDay(Date.now()), prepare);
const browse = (path: string, prepare: (fake: FakeIpc) => void = () => {}) => open(`/browse?at=c-records&path=${path}`, prepare);

/** Drops both scans on what is shown. */
async function dropOn(fake: FakeIpc, find: () => Promise<HTMLElement>) {
  const target = await find();
  document.elementFromPoint = () => target;
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: SCANS }));
}

const list = async () => {
  await screen.findByRole('row', { name: /draft 4/ });
  return screen.getByRole('row', { name: /draft 4/ });
};

const reviewer = (dialog: HTMLElement) => within(dialog).findByRole('textbox', { name: 'Reviewer (required)' });

beforeEach(() => {
  tabs.restart();
  hold(null);
});

describe('the question before a send', () => {
  it('comes where the folder lacks something, begins at what is missing, and sends what was filled in with every file', async () => {
    const { fake, person } = await browse(DRAFTS);
    await dropOn(fake, list);
    const dialog = await screen.findByRole('dialog', { name: TITLE });
    expect(dialog).toHaveTextContent('records:/Contracts/Drafts');
    expect(await reviewer(dialog)).toHaveFocus();
    const sections = within(dialog).getAllByRole('group').map((one) => one.querySelector('h3')?.textContent);
    expect(sections).toEqual(['Legal review', 'Retention']);
    expect(within(dialog).getByRole('button', { name: /Class/ })).toHaveTextContent('6 years');
    expect(fake.folders.copies).toEqual([]);
    await person.keyboard('a.vogel{Enter}');
    await waitFor(() => expect(fake.folders.copies).toHaveLength(1));
    expect(fake.folders.copies[0]).toMatchObject({ sources: SCANS.map((path) => ({ connection: null, path })), to: { connection: 'c-records', path: DRAFTS }, forms: [REVIEWER] });
    expect(screen.queryByRole('dialog')).toBeNull();
    const carried = await fake.entryForms({ connection: 'c-records', path: `${DRAFTS}/Annex.pdf` });
    expect(carried.map(({ form, values }) => [form.name, values.map(({ key }) => key)])).toEqual([['Retention', ['class', 'hold']], ['Legal review', ['opinion', 'reviewer']]]);
  });

  it('is not left without what is missing, and says so at its field', async () => {
    const { fake, person } = await browse(DRAFTS);
    await dropOn(fake, list);
    const dialog = await screen.findByRole('dialog', { name: TITLE });
    const begins = within(dialog).getByRole('textbox', { name: 'Begins with' });
    await person.type(begins, '31.01.2027');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    expect(await within(dialog).findByText('2 things are not right yet. Nothing was sent.')).toBeInTheDocument();
    expect(await reviewer(dialog)).toHaveFocus();
    expect(await reviewer(dialog)).toHaveAccessibleDescription(/A value is needed here/);
    expect(begins).toHaveAccessibleDescription(/There is no such day/);
    expect(fake.folders.copies).toEqual([]);
    await person.keyboard('a.vogel');
    await person.clear(begins);
    await person.type(begins, '2027-01-31');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(fake.folders.copies[0]?.forms).toEqual([REVIEWER, { form: '8802', values: [{ key: 'event', value: { type: 'one', value: '2027-01-31' } }] }]));
  });

  it('begins at a list where that is what is missing, and a choice is made by keyboard', async () => {
    const { fake, person } = await browse(DRAFTS);
    const form = (await fake.forms('c-records')).find(({ name }) => name === 'Retention');
    if (!form) throw new Error('there is such a form');
    fake.formsOnEntries.expected.set(DRAFTS, [{ form, given: [], lacks: true }]);
    await dropOn(fake, list);
    const dialog = await screen.findByRole('dialog', { name: TITLE });
    await waitFor(() => expect(within(dialog).getByRole('button', { name: /Class/ })).toHaveFocus());
    await person.keyboard('{Enter}');
    await screen.findByRole('listbox');
    await person.keyboard('{ArrowDown}{Enter}');
    await waitFor(() => expect(within(dialog).getByRole('button', { name: /Class/ })).toHaveTextContent('6 years'));
    within(dialog).getByRole('button', { name: 'Send' }).focus();
    await person.keyboard('{Enter}');
    await waitFor(() => expect(fake.folders.copies[0]?.forms).toEqual([{ form: '8802', values: [{ key: 'class', value: { type: 'one', value: '6 years' } }] }]));
  });

  it('sends nothing when it is called off, and asks first where something was typed', async () => {
    const { fake, person } = await browse(DRAFTS);
    await dropOn(fake, list);
    await reviewer(await screen.findByRole('dialog', { name: TITLE }));
    await person.keyboard('a{Escape}');
    expect(await screen.findByRole('alertdialog', { name: 'Send nothing?' })).toBeInTheDocument();
    await person.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
    const dialog = await screen.findByRole('dialog', { name: TITLE });
    expect(await reviewer(dialog)).toHaveValue('a');
    await person.clear(await reviewer(dialog));
    await person.keyboard('{Escape}');
    expect(await screen.findByText('Nothing was sent. All 2 files are where they were.')).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(fake.folders.copies).toEqual([]);
  });

  it('does not come where everything comes with the folder, and asks no kind of system that has no forms', async () => {
    const { fake } = await browse('/Personnel');
    await dropOn(fake, () => screen.findByRole('row', { name: /Works council/ }));
    await waitFor(() => expect(fake.folders.copies).toHaveLength(1));
    expect(fake.folders.copies[0]?.forms).toEqual([]);
    expect(fake.formsOnEntries.asked).toEqual([{ connection: 'c-records', path: '/Personnel' }]);
    act(() => tabs.go({ at: 'c-archive', path: '/2027' }));
    await dropOn(fake, () => screen.findByRole('row', { name: /Claim.pdf/ }));
    await waitFor(() => expect(fake.folders.copies).toHaveLength(2));
    expect(fake.formsOnEntries.asked).toHaveLength(1);
  });

  it('does not keep files back where the remote cannot be asked', async () => {
    const { fake } = await browse(DRAFTS, (one) => one.refusals.set('formsExpected', { code: 'remote', failure: { kind: 'unreachable', side: 'destination', message: 'no answer', code: null } }));
    await dropOn(fake, list);
    await waitFor(() => expect(fake.folders.copies[0]?.forms).toEqual([]));
    expect(screen.queryByRole('dialog')).toBeNull();
  });

  it('says what files wait for where the remote takes its time, and lets two drops follow one another', async () => {
    const { fake, person } = await browse(DRAFTS);
    const goOn = fake.hold('formsExpected');
    await dropOn(fake, list);
    expect(await screen.findByText('Asking records which metadata the folder needs…')).toBeInTheDocument();
    await dropOn(fake, list);
    goOn();
    await reviewer(await screen.findByRole('dialog', { name: TITLE }));
    await person.keyboard('a.vogel{Enter}');
    await waitFor(() => expect(fake.folders.copies).toHaveLength(1));
    expect(await reviewer(await screen.findByRole('dialog', { name: TITLE }))).toHaveValue('');
    await person.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(fake.folders.copies).toHaveLength(1);
  });

  it.each([
    ['a drop on a card', async (fake: FakeIpc) => dropOn(fake, async () => (await screen.findAllByRole('option', { name: /records/ }))[0] as HTMLElement), '/connections'],
    ['a paste', async (fake: FakeIpc, person: Awaited<ReturnType<typeof open>>['person']) => {
      fake.system.pasted = { paths: SCANS, elsewhere: 0, loose: null };
      (await list()).focus();
      await person.keyboard('{Control>}v{/Control}');
    }, `/browse?at=c-records&path=${DRAFTS}`],
    ['the picker', async (fake: FakeIpc, person: Awaited<ReturnType<typeof open>>['person']) => {
      fake.picked = SCANS;
      (await list()).focus();
      await person.keyboard('{Control>}u{/Control}');
    }, `/browse?at=c-records&path=${DRAFTS}`],
    ['a copy from another connection', async (_: FakeIpc, person: Awaited<ReturnType<typeof open>>['person']) => {
      await list();
      act(() => hold({ sources: SCANS.map((path) => ({ connection: 'c-archive', path })), things: { files: 2, folders: 0, either: 0 }, cut: false }));
      (await list()).focus();
      await person.keyboard('{Control>}v{/Control}');
    }, `/browse?at=c-records&path=${DRAFTS}`],
  ])('%s is asked about, and is sent by keyboard alone', async (_, begin, place) => {
    rememberDropFolder('c-records', DRAFTS);
    const { fake, person } = await open(place);
    await begin(fake, person);
    expect(await reviewer(await screen.findByRole('dialog', { name: TITLE }))).toHaveFocus();
    await person.keyboard('a.vogel{Enter}');
    await waitFor(() => expect([...fake.sent, ...fake.folders.copies].map(({ forms }) => forms)).toEqual([[REVIEWER]]));
  });
});

describe('the metadata of a dialog that asks where to', () => {
  const send = async (folder: string) => {
    rememberDropFolder('c-records', folder);
    const window = await open('/transfers');
    const { person } = window;
    await person.keyboard('{Control>}o{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Send files' });
    await person.type(within(dialog).getByRole('textbox', { name: /Files and folders/ }), SCANS[0] ?? '');
    return { ...window, dialog };
  };
  const choose = async (person: Awaited<ReturnType<typeof open>>['person'], dialog: HTMLElement, name: string) => {
    await person.click(within(dialog).getByRole('button', { name: / To$/ }));
    await person.click(await screen.findByRole('option', { name }));
  };

  it('is there only where files carry forms, and lies open where something is missing', async () => {
    const { dialog, person, fake } = await send(DRAFTS);
    await choose(person, dialog, 'archive');
    expect(within(dialog).queryByRole('button', { name: 'Metadata' })).toBeNull();
    expect(fake.formsOnEntries.asked).toEqual([]);
    await choose(person, dialog, 'records');
    expect(await reviewer(dialog)).toBeVisible();
    expect(within(dialog).getByRole('button', { name: 'Metadata' })).toHaveAttribute('aria-expanded', 'true');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(async () => expect(await reviewer(dialog)).toHaveFocus());
    expect(fake.sent).toEqual([]);
    await person.keyboard('a.vogel{Enter}');
    await waitFor(() => expect(fake.sent[0]).toMatchObject({ connection: 'c-records', folder: DRAFTS, forms: [REVIEWER] }));
  });

  it('is asked for by a quick hand too, which is refused what is missing', async () => {
    const { dialog, person, fake } = await send('/Personnel');
    await choose(person, dialog, 'records');
    const folder = within(dialog).getByRole('textbox', { name: /Folder there/ });
    await waitFor(() => expect(fake.formsOnEntries.asked).toHaveLength(1));
    expect(within(dialog).getByRole('button', { name: 'Metadata' })).toHaveAttribute('aria-expanded', 'false');
    await person.clear(folder);
    await person.type(folder, 'Contracts/Drafts');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    expect(await within(dialog).findByText('One thing is not right yet. Nothing was sent.')).toBeVisible();
    expect(fake.sent).toEqual([]);
  });

  it('sends nothing where the dialog is closed while the folder is asked', async () => {
    const { dialog, person, fake } = await send('/Personnel');
    await choose(person, dialog, 'records');
    await within(dialog).findByRole('button', { name: 'Metadata' });
    const goOn = fake.hold('formsExpected');
    await person.type(within(dialog).getByRole('textbox', { name: /Folder there/ }), '/2027');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await person.click(within(dialog).getByRole('button', { name: 'Cancel' }));
    goOn();
    await waitFor(() => expect(fake.formsOnEntries.asked.at(-1)?.path).toBe('/Personnel/2027'));
    await act(() => new Promise((resolve) => setTimeout(resolve, 50)));
    expect(fake.sent).toEqual([]);
  });

  it('adds a form of the connection that every file gets, and leaves it out again', async () => {
    const { dialog, person, fake } = await send('/Personnel');
    await choose(person, dialog, 'records');
    await person.click(await within(dialog).findByRole('button', { name: 'Metadata' }));
    const add = async (form: string) => {
      await person.click(await within(dialog).findByRole('button', { name: 'Add form…' }));
      await person.click(await screen.findByRole('menuitem', { name: form }));
    };
    await add('Contract');
    await add('Legal review');
    await person.click(within(dialog).getByRole('button', { name: 'Leave Contract out' }));
    await person.type(await reviewer(dialog), 'a.vogel');
    const event = within(dialog).getByRole('textbox', { name: 'Begins with' });
    expect(event).toHaveValue('2027-01-01');
    await person.clear(event);
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(fake.sent[0]?.forms).toEqual([{ form: '8802', values: [{ key: 'event', value: { type: 'one', value: '' } }] }, REVIEWER]));
  });

  it('goes with a copy, and a cut that is called off is still held', async () => {
    const { fake, person } = await browse(DRAFTS);
    const name = 'Supply agreement Orbis, draft 4.docx';
    await person.click(await list());
    await person.keyboard('{Control>}x{/Control}');
    act(() => tabs.go({ at: 'c-records', path: '/Contracts' }));
    await screen.findByRole('row', { name: /Lumen/ });
    fake.formsOnEntries.expected.set('/Contracts', await fake.formsExpected({ connection: 'c-records', path: DRAFTS }));
    const move = async () => {
      await person.keyboard('{Control>}v{/Control}');
      return screen.findByRole('dialog', { name: 'Move 1 entry' });
    };
    await reviewer(await move());
    await person.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    const dialog = await move();
    await person.type(await reviewer(dialog), 'a.vogel');
    await person.click(within(dialog).getByRole('button', { name: 'Move' }));
    await waitFor(() => expect(fake.folders.copies).toEqual([
      { sources: [{ connection: 'c-records', path: `${DRAFTS}/${name}` }], to: { connection: 'c-records', path: '/Contracts' }, conflict: 'ask', proof: 'matched', thenDelete: true, forms: [REVIEWER] },
    ]));
  });

  it('says that the folder could not be asked, and sends all the same', async () => {
    const { dialog, person, fake } = await send('/Personnel');
    fake.refusals.set('formsExpected', { code: 'remote', failure: { kind: 'timed-out', side: 'destination', message: 'no answer', code: null } });
    await choose(person, dialog, 'records');
    await person.click(await within(dialog).findByRole('button', { name: 'Metadata' }));
    expect(await within(dialog).findByText('records could not be asked which metadata the folder needs')).toBeVisible();
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(fake.sent[0]?.forms).toEqual([]));
  });
});
