// How files that are sent are asked for metadata: which field is meant, what is missing and where it is, and of what.
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { hold } from '@/places/browse/clipboard';
import { tabs } from '@/places/browse/tabs-state';
import { rememberDropFolder } from '@/parts/remembered';
import { openWindow } from '@/test/open-window';

const DRAFTS = '/Contracts/Drafts';
const SCANS = ['/home/records/Terms.pdf', '/home/records/Annex.pdf'];

const browse = (path: string, prepare: (fake: FakeIpc) => void = () => {}) => openWindow(`/browse?at=c-records&path=${path}`, systemsDay(Date.now()), prepare);
const alike = (fake: FakeIpc) => fake.formsOnEntries.askAlike(DRAFTS);
const box = (dialog: HTMLElement, name: string) => within(dialog).getByRole('textbox', { name });

/** Lets paths fall on the folder that is shown. */
async function drop(fake: FakeIpc, paths: string[] = SCANS) {
  const target = await screen.findByRole('row', { name: /draft 4/ });
  document.elementFromPoint = () => target;
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths }));
}

beforeEach(() => {
  tabs.restart();
  hold(null);
});

describe('fields of one name', () => {
  it('are told apart by form, place and key, for eyes and for readers that speak', async () => {
    const { fake } = await browse(DRAFTS, alike);
    await drop(fake);
    const dialog = await screen.findByRole('dialog', { name: 'Metadata for 2 files' });
    const supplier = within(dialog).getByRole('group', { name: 'Supplier' });
    expect(within(supplier).getAllByRole('textbox').map((one) => one.getAttribute('aria-label') ?? (one as HTMLInputElement).labels?.[0]?.textContent)).toEqual([
      'Supplier / Vendor Number, 1 of 2 (required)',
      'Supplier / Vendor Number, 2 of 2',
    ]);
    expect(box(supplier, 'Supplier / Vendor Number, 2 of 2')).toHaveAccessibleDescription('Kept under the key 8811_3.');
    expect(box(within(dialog).getByRole('group', { name: 'Purchase' }), 'Purchase / Vendor Number (required)')).not.toHaveAccessibleDescription(/key/);
  });

  it('are named where they are missing, each name leads to its field, and each press to the first', async () => {
    const { fake, person } = await browse(DRAFTS, alike);
    await drop(fake);
    const dialog = await screen.findByRole('dialog', { name: 'Metadata for 2 files' });
    const send = within(dialog).getByRole('button', { name: 'Send' });
    const first = box(dialog, 'Supplier / Vendor Number, 1 of 2 (required)');
    await person.click(send);
    const said = await within(dialog).findByRole('alert');
    expect(within(said).getAllByRole('listitem').map((one) => one.textContent)).toEqual(['Supplier / Vendor Number, 1 of 2', 'Purchase / Vendor Number']);
    expect(first).toHaveFocus();
    expect(first).toHaveAccessibleDescription(/Supplier \/ Vendor Number, 1 of 2: A value is needed here\./);
    await person.click(within(said).getByRole('button', { name: 'Purchase / Vendor Number' }));
    expect(box(dialog, 'Purchase / Vendor Number (required)')).toHaveFocus();
    await person.click(send);
    expect(first).toHaveFocus();
    await person.keyboard('7004');
    await person.click(send);
    expect(box(dialog, 'Purchase / Vendor Number (required)')).toHaveFocus();
    await person.keyboard('7005{Enter}');
    await waitFor(() => expect(fake.folders.copies[0]?.forms.map(({ form, values }) => [form, values.map(({ key }) => key)])).toEqual([['8811', ['8811_2']], ['8812', ['8812_2']]]));
  });

  it('that are missing in a row are led to, and a list that must have one gives the focus to its button', async () => {
    const { fake, person } = await browse(DRAFTS, alike);
    const supplier = (await fake.forms('c-records')).find(({ id }) => id === '8811');
    if (!supplier) throw new Error('there is such a form');
    fake.formsOnEntries.expected.set(DRAFTS, [{ form: { ...supplier, attributes: supplier.attributes.filter(({ kind }) => kind.type === 'set').map((one) => ({ ...one, required: true })) }, given: [], lacks: true }]);
    await drop(fake);
    const dialog = await screen.findByRole('dialog', { name: 'Metadata for 2 files' });
    const send = within(dialog).getByRole('button', { name: 'Send' });
    await person.click(send);
    const add = within(dialog).getByRole('button', { name: 'Add a row: Contacts' });
    expect(add).toHaveFocus();
    await person.keyboard('{Enter}');
    await person.type(box(dialog, 'Telephone'), '030');
    await person.click(send);
    expect(within(within(dialog).getAllByRole('alert')[0] as HTMLElement).getByRole('button')).toHaveTextContent('Contacts, row 1 / Name');
    expect(box(dialog, 'Name (required)')).toHaveFocus();
  });
});

describe('the most that a text may have', () => {
  it('is said when little is left, read aloud when the typing rests, and kept', async () => {
    const { fake, person } = await browse(DRAFTS, alike);
    await drop(fake);
    const dialog = await screen.findByRole('dialog', { name: 'Metadata for 2 files' });
    const field = box(dialog, 'Purchase / Vendor Number (required)');
    expect(dialog).not.toHaveTextContent(/characters/);
    await person.type(field, '12345678');
    expect(field).toHaveAccessibleDescription('2 characters left.');
    expect(within(dialog).getAllByRole('status').every((one) => one.textContent === '')).toBe(true);
    await waitFor(() => expect(within(dialog).getAllByRole('status').some((one) => one.textContent === '2 characters left.')).toBe(true), { timeout: 3000 });
    await person.type(field, '9012');
    expect(field).toHaveAccessibleDescription(/10 characters at most; 2 too many\./);
    await person.type(box(dialog, 'Supplier / Vendor Number, 1 of 2 (required)'), '1{Enter}');
    expect(await within(dialog).findByText('One thing is not right yet. Nothing was sent.')).toBeVisible();
    expect(field).toHaveFocus();
    expect(fake.folders.copies).toEqual([]);
  });
});

describe('what is sent is counted', () => {
  it.each([
    [['/a/Matter'], 'Metadata for everything in 1 folder', 'Nothing was sent. Everything is where it was.'],
    [[...SCANS, '/a/Matter', '/a/More'], 'Metadata for 2 files and everything in 2 folders', 'Nothing was sent. Everything is where it was.'],
    [['/a/Terms.pdf'], 'Metadata for 1 file', 'Nothing was sent. The file is where it was.'],
  ])('%j: %s', async (paths, title, said) => {
    const { fake, person } = await browse(DRAFTS, ({ system }) => ['/a/Matter', '/a/More'].forEach((path) => system.measures.set(path, { folder: true, files: 12 })));
    await drop(fake, paths);
    await screen.findByRole('dialog', { name: title });
    await person.keyboard('{Escape}');
    expect(await screen.findByText(said)).toBeInTheDocument();
  });

  it('as either where it takes too long to look, and as what they are where they were seen', async () => {
    const { fake, person } = await browse(DRAFTS, (one) => void one.hold('measurePaths'));
    await drop(fake);
    await screen.findByRole('dialog', { name: 'Metadata for 2 files or folders' }, { timeout: 3000 });
    await person.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    act(() => tabs.go({ at: 'c-records', path: '/' }));
    await person.click(await screen.findByRole('row', { name: /Personnel/ }));
    await person.keyboard('{Control>}c{/Control}');
    act(() => tabs.go({ at: 'c-records', path: DRAFTS }));
    (await screen.findByRole('row', { name: /draft 4/ })).focus();
    await person.keyboard('{Control>}v{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Metadata for everything in 1 folder' })).toBeInTheDocument();
  });
});

describe('a dialog that asks where to', () => {
  const copy = async () => {
    const window = await browse('/Contracts');
    const { person } = window;
    await person.click(await screen.findByRole('row', { name: /Orbis.docx/ }));
    await person.keyboard('{Control>}{Shift>}c{/Shift}{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Copy 1 entry' });
    const path = within(dialog).getByRole('textbox', { name: 'Path' });
    await person.clear(path);
    await person.type(path, 'Contracts/Drafts');
    return { ...window, dialog, path, asked: await within(dialog).findByRole('button', { name: 'The folder asks for 1 value' }) };
  };

  it('says beside its buttons what the folder asks for, and leads there though it is folded', async () => {
    const { dialog, person, asked } = await copy();
    const metadata = within(dialog).getByRole('button', { name: 'Metadata' });
    await person.click(metadata);
    expect(metadata).toHaveAttribute('aria-expanded', 'false');
    await person.click(asked);
    expect(metadata).toHaveAttribute('aria-expanded', 'true');
    const reviewer = within(dialog).getByRole('textbox', { name: 'Reviewer (required)' });
    expect(reviewer).toHaveFocus();
    await person.keyboard('a.vogel');
    expect(within(dialog).queryByRole('button', { name: /The folder asks/ })).toBeNull();
  });

  it('is not left by its button while something is missing: that has the focus, each time', async () => {
    const { dialog, person, fake, path, asked } = await copy();
    await person.click(asked);
    await person.click(within(dialog).getByRole('button', { name: 'Metadata' }));
    const now = within(dialog).getByRole('button', { name: 'Copy' });
    const press = async () => {
      await person.click(now);
      await waitFor(() => expect(within(dialog).getByRole('textbox', { name: 'Reviewer (required)' })).toHaveFocus());
    };
    await press();
    await press();
    expect(fake.folders.copies).toEqual([]);
    // Who goes on to another folder and back is asked anew, and keeps the focus while typing.
    await person.type(path, '/x');
    await within(dialog).findByText(/asks for no metadata/);
    await person.type(path, '{Backspace}{Backspace}');
    await within(dialog).findByRole('button', { name: 'The folder asks for 1 value' });
    expect(path).toHaveFocus();
    expect(within(dialog).queryByRole('alert')).toBeNull();
  });

  it('says of a form that was added what is missing in it', async () => {
    rememberDropFolder('c-records', '/Personnel');
    const { person } = await openWindow('/transfers', systemsDay(Date.now()), () => {});
    await person.keyboard('{Control>}o{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Send files' });
    await person.click(within(dialog).getByRole('button', { name: / To$/ }));
    await person.click(await screen.findByRole('option', { name: 'records' }));
    await person.click(await within(dialog).findByRole('button', { name: 'Metadata' }));
    await person.click(await within(dialog).findByRole('button', { name: 'Add form…' }));
    await person.click(await screen.findByRole('menuitem', { name: 'Contract' }));
    expect(await within(dialog).findByRole('button', { name: '3 required values are missing' })).toBeInTheDocument();
  });
});
