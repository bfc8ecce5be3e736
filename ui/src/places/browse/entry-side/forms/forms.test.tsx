import { screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';

const CONTRACTS = '/browse?at=c-records&path=/Contracts';
const LUMEN = { connection: 'c-records', path: '/Contracts/Framework agreement Lumen.pdf' };

async function choose(name: string, prepare: (fake: FakeIpc) => void = () => {}) {
  const window = await openWindow(CONTRACTS, systemsDay(Date.now()), prepare);
  await window.person.click(await screen.findByRole('row', { name: new RegExp(name) }));
  const side = await screen.findByRole('complementary', { name: 'The chosen entry' });
  const details = within(side).queryByRole('tab', { name: 'Details' });
  if (details) await window.person.click(details);
  return { ...window, side };
}

async function edit(page: Awaited<ReturnType<typeof choose>>, form: string) {
  const button = await within(page.side).findByRole('button', { name: `Edit ${form}…` });
  button.focus();
  await page.person.keyboard('{Enter}');
  return screen.findByRole('dialog', { name: new RegExp(form) });
}

it('an entry shows its forms with values in words, and sets as tables', async () => {
  const { side } = await choose('Framework');
  const parties = await within(side).findByRole('table', { name: 'Parties' });
  expect(within(parties).getAllByRole('row').map((row) => row.textContent)).toEqual(['NameRoleShare', 'Northwind GmbHBuyer60', 'Lumen Optics B.V.Seller40']);
  expect(side).toHaveTextContent('SignedYes');
  expect(side).toHaveTextContent('Keywordsoptics, framework');
  expect(side).toHaveTextContent('Class10 years');
});

it('only what changed is sent, and what is emptied is sent empty', async () => {
  const page = await choose('Framework');
  const { person, fake } = page;
  const dialog = await edit(page, 'Contract');
  expect(within(dialog).queryByRole('textbox', { name: 'File reference' })).toBeNull();
  expect(dialog).toHaveTextContent('K-2026/0412');
  expect(within(dialog).getByRole('button', { name: 'Save' })).toBeDisabled();
  const title = within(dialog).getByRole('textbox', { name: 'Title (required)' });
  await person.clear(title);
  await person.type(title, 'Lumen');
  await person.clear(within(dialog).getByRole('textbox', { name: 'Value in EUR' }));
  await person.click(within(dialog).getByRole('button', { name: 'Keywords 1: down' }));
  await person.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /Contract/ })).toBeNull());
  expect(fake.formsOnEntries.fills).toEqual([
    {
      place: LUMEN,
      form: {
        form: '8801',
        values: [
          { key: 'title', value: { type: 'one', value: 'Lumen' } },
          { key: 'value', value: { type: 'one', value: '' } },
          { key: 'keywords', value: { type: 'many', values: ['framework', 'optics'] } },
        ],
      },
    },
  ]);
  await waitFor(() => expect(page.side).toHaveTextContent('TitleLumen'));
});

it('what cannot be right is said in its place, has the focus, and is not sent', async () => {
  const page = await choose('Framework');
  const { person, fake } = page;
  const dialog = await edit(page, 'Contract');
  await person.clear(within(dialog).getByRole('textbox', { name: 'Title (required)' }));
  const from = within(dialog).getByRole('textbox', { name: 'Valid from' });
  await person.clear(from);
  await person.type(from, '31.01.2027');
  expect(within(dialog).getByText('There is no such day. Write it as 2027-01-31.')).toBeInTheDocument();
  await person.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(await within(dialog).findByText('2 things are not right yet. Nothing was sent.')).toBeInTheDocument();
  expect(within(dialog).getByRole('textbox', { name: 'Title (required)' })).toHaveFocus();
  expect(within(dialog).getByText('A value is needed here.')).toBeInTheDocument();
  expect(fake.formsOnEntries.fills).toEqual([]);
});

it('a refusal of the remote stands in the dialog, and nothing that was typed is lost', async () => {
  const page = await choose('Framework', (fake) => fake.formsOnEntries.refused.set(LUMEN.path, 'Title: there is one of that name already'));
  const { person, fake } = page;
  const dialog = await edit(page, 'Contract');
  const title = within(dialog).getByRole('textbox', { name: 'Title (required)' });
  await person.type(title, ' 2');
  await person.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(await within(dialog).findByRole('alert')).toHaveTextContent('there is one of that name already');
  expect(title).toHaveValue('Framework agreement with Lumen Optics 2');
  fake.formsOnEntries.refused.clear();
  await person.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: /Contract/ })).toBeNull());
});

it('rows are added up to their most and taken away, by keyboard', async () => {
  const page = await choose('Framework');
  const { person, fake } = page;
  const dialog = await edit(page, 'Contract');
  const add = within(dialog).getByRole('button', { name: 'Add a row: Parties' });
  add.focus();
  await person.keyboard('{Enter}{Enter}');
  expect(add).toBeDisabled();
  expect(within(dialog).getByText('There can be 4 at most.')).toBeInTheDocument();
  within(dialog).getByRole('button', { name: 'Remove row 4 of Parties' }).focus();
  await person.keyboard('{Enter}');
  within(dialog).getByRole('button', { name: 'Remove row 1 of Parties' }).focus();
  await person.keyboard('{Enter}');
  await person.type(within(within(dialog).getByRole('group', { name: 'Parties, row 2' })).getByRole('textbox', { name: 'Name (required)' }), 'Orbis');
  await person.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(fake.formsOnEntries.fills).toHaveLength(1));
  expect(fake.formsOnEntries.fills[0]?.form.values).toEqual([
    {
      key: 'parties',
      value: {
        type: 'rows',
        rows: [
          [{ key: 'name', value: { type: 'one', value: 'Lumen Optics B.V.' } }, { key: 'role', value: { type: 'one', value: 'Seller' } }, { key: 'share', value: { type: 'one', value: '40' } }],
          [{ key: 'name', value: { type: 'one', value: 'Orbis' } }],
        ],
      },
    },
  ]);
});

it('leaving with changes asks first', async () => {
  const page = await choose('Framework');
  const dialog = await edit(page, 'Contract');
  await page.person.type(within(dialog).getByRole('textbox', { name: 'Responsible' }), 'x');
  await page.person.keyboard('{Escape}');
  expect(await screen.findByRole('alertdialog', { name: 'Leave without saving?' })).toBeInTheDocument();
  await page.person.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).toBeNull());
  expect(within(dialog).getByRole('textbox', { name: 'Responsible' })).toHaveValue('m.okaforx');
});

it('a form that is not there yet is put on, and one is taken off after a question', async () => {
  const page = await choose('Framework');
  const { person, fake, side } = page;
  await person.click(await within(side).findByRole('button', { name: 'Add form…' }));
  const menu = await screen.findByRole('menu');
  expect(within(menu).getAllByRole('menuitem').map((one) => one.textContent?.trim())).toEqual(['Legal review']);
  await person.click(within(menu).getByRole('menuitem', { name: 'Legal review' }));
  const dialog = await screen.findByRole('dialog', { name: /Legal review/ });
  await person.type(within(dialog).getByRole('textbox', { name: 'Reviewer (required)' }), 'a.vogel');
  await person.click(within(dialog).getByRole('button', { name: 'Add the form' }));
  await person.click(await within(side).findByRole('button', { name: 'Take off Legal review' }));
  const question = await screen.findByRole('alertdialog');
  expect(question).toHaveTextContent('Reviewer: a.vogel');
  await person.click(within(question).getByRole('button', { name: 'Take off' }));
  await waitFor(() => expect(within(side).queryByRole('button', { name: 'Take off Legal review' })).toBeNull());
  expect(await fake.entryForms(LUMEN)).toHaveLength(2);
});

it('several files are filled in one after the other; those that were refused are tried again alone', async () => {
  const page = await choose('Lease', (fake) => fake.formsOnEntries.refused.set('/Contracts/Non-disclosure agreement ACME.pdf', 'reserved by m.okafor'));
  const { person, fake } = page;
  screen.getByRole('row', { name: /Lease/ }).focus();
  await person.keyboard('{Shift>}{ArrowDown}{/Shift}');
  await person.click(screen.getByRole('button', { name: 'What can be done' }));
  await person.click(await screen.findByRole('menuitem', { name: /Fill in for 2 files/ }));
  const dialog = await screen.findByRole('dialog', { name: 'Fill in for 2 files' });
  await person.type(await within(dialog).findByRole('textbox', { name: 'Responsible' }), 'a.vogel');
  await person.click(within(dialog).getByRole('button', { name: 'Fill in for 2 files' }));
  expect(await within(dialog).findByText('Refused: 1 of 2 files. Filled in: 1.')).toBeInTheDocument();
  expect(dialog).toHaveTextContent('Non-disclosure agreement ACME.pdf');
  expect(dialog).toHaveTextContent('reserved by m.okafor');
  fake.formsOnEntries.refused.clear();
  await person.click(within(dialog).getByRole('button', { name: 'Try 1 file again' }));
  await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Fill in for 2 files' })).toBeNull());
  expect(fake.formsOnEntries.fills.map(({ place }) => place.path)).toEqual(['/Contracts/Lease Rotterdam warehouse.pdf', '/Contracts/Non-disclosure agreement ACME.pdf', '/Contracts/Non-disclosure agreement ACME.pdf']);
  expect(fake.formsOnEntries.fills[2]?.form).toEqual({ form: '8801', values: [{ key: 'owner', value: { type: 'one', value: 'a.vogel' } }] });
});

it('several files can be emptied of a field, and what is required cannot', async () => {
  const page = await choose('Lease');
  const { person, fake } = page;
  screen.getByRole('row', { name: /Lease/ }).focus();
  await person.keyboard('{Shift>}{ArrowDown}{/Shift}');
  await person.click(screen.getByRole('button', { name: 'What can be done' }));
  await person.click(await screen.findByRole('menuitem', { name: /Fill in for 2 files/ }));
  const dialog = await screen.findByRole('dialog', { name: 'Fill in for 2 files' });
  await person.type(await within(dialog).findByRole('textbox', { name: 'Notes' }), 'typed, and then emptied');
  expect(within(dialog).queryByRole('button', { name: 'Empty Title on each file' })).toBeNull();
  const empty = async (name: string) => {
    within(dialog).getByRole('button', { name: `Empty ${name} on each file` }).focus();
    await person.keyboard('{Enter}');
  };
  await empty('Notes');
  await empty('Keywords');
  await empty('Valid from');
  expect(within(dialog).queryByRole('textbox', { name: 'Notes' })).toBeNull();
  expect(within(dialog).getByRole('button', { name: 'Leave as it is: Valid from' })).toHaveFocus();
  await person.keyboard('{Enter}');
  expect(within(dialog).getByRole('textbox', { name: 'Valid from' })).toHaveValue('');
  await person.click(within(dialog).getByRole('button', { name: 'Fill in for 2 files' }));
  await waitFor(() => expect(fake.formsOnEntries.fills).toHaveLength(2));
  expect(fake.formsOnEntries.fills.map(({ form }) => form.values)).toEqual(
    [1, 2].map(() => [
      { key: 'keywords', value: { type: 'many', values: [] } },
      { key: 'notes', value: { type: 'one', value: '' } },
    ]),
  );
});

it('a form is found by its name where there are many', async () => {
  const many = Array.from({ length: 40 }, (_, at) => ({ id: `9${at}`, name: `Vendor sheet ${at}`, attributes: [] }));
  const page = await choose('Framework', (fake) => fake.formsOnEntries.more.push(...many));
  const { person, side } = page;
  await person.click(await within(side).findByRole('button', { name: 'Add form…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Add a form' });
  expect(within(dialog).getByRole('button', { name: 'Legal review' })).toBeInTheDocument();
  await person.type(within(dialog).getByRole('searchbox', { name: 'Find a form' }), 'sheet 37');
  expect(within(dialog).getAllByRole('button', { name: /sheet/ })).toHaveLength(1);
  await person.keyboard('{Enter}');
  expect(await screen.findByRole('dialog', { name: /Vendor sheet 37/ })).toBeInTheDocument();
});
