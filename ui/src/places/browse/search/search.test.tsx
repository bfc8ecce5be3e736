import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { systemsDay } from '@/ipc/fake/systems';
import { openWindow } from '@/test/open-window';

async function open(place: string, prepare: (fake: FakeIpc) => void = () => {}) {
  const window = await openWindow(place, systemsDay(Date.now()), prepare);
  return { ...window, field: await screen.findByRole('searchbox', { name: 'Filter or search' }) };
}

const names = () => within(screen.getByRole('grid')).getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);
const headers = () => within(screen.getByRole('grid')).getAllByRole('columnheader').map((one) => one.textContent);

it('a connection has the columns that it tells of, sorted like the others', async () => {
  const { person } = await openWindow('/browse?at=c-library&path=/Brand 2027', systemsDay(Date.now()));
  await screen.findByRole('row', { name: /Logo 1/ });
  await waitFor(() => expect(headers()).toEqual(['File', 'Status', 'Rights until', 'Size', 'Changed']));
  await person.click(screen.getByRole('columnheader', { name: 'Rights until' }));
  expect(names()[0]).toBe('Trade fair 2024, crowd.jpg');
  expect(names().at(-1)).toBe('Logo 2.svg');
  expect(screen.getByRole('row', { name: /Trade fair/ })).toHaveTextContent('2025');
  await person.click(screen.getByRole('row', { name: /Trade fair/ }));
  const side = await screen.findByRole('complementary', { name: 'The chosen entry' });
  await person.click(within(side).getByRole('tab', { name: 'Details' }));
  expect(side).toHaveTextContent('StatusExpired');
});

it('an order by a column of one remote is none on another', async () => {
  localStorage.setItem('waybill.browse-sort', JSON.stringify({ column: 'fact:rights', direction: 'descending' }));
  await openWindow('/browse?at=c-archive&path=/2027', systemsDay(Date.now()));
  expect(await screen.findByRole('columnheader', { name: 'File' })).toHaveAttribute('aria-sort', 'ascending');
});

it('Enter in the field searches on the remote, Escape leaves what was found', async () => {
  const { person, field, fake } = await open('/browse?at=c-library&path=/');
  await screen.findByRole('row', { name: /Brand 2027/ });
  await person.click(field);
  await person.keyboard('harbour{Enter}');
  await waitFor(() => expect(names()).toEqual(['Key visual, harbour at dawn.tif', 'Key visual, harbour at night.tif', 'Pump P-200, harbour site.jpg']));
  expect(headers()).toEqual(['File', 'In folder', 'Status', 'Rights until', 'Size', 'Changed']);
  expect(screen.getByRole('row', { name: /harbour site/ })).toHaveTextContent('/Products/Pumps');
  expect(screen.getByRole('navigation', { name: 'Path' })).toHaveTextContent('Found for “harbour”');
  expect(fake.folders.searches).toEqual([{ connection: 'c-library', text: 'harbour', within: null, filters: [] }]);
  expect(field).toHaveFocus();
  await person.keyboard('{Escape}');
  expect(await screen.findByRole('row', { name: /Brand 2027/ })).toBeInTheDocument();
  expect(field).toHaveValue('');
});

it('from what was found one goes to its folder and back again', async () => {
  const { person, field } = await open('/browse?at=c-library&path=/');
  await person.click(field);
  await person.keyboard('harbour site{Enter}');
  await person.click(await screen.findByRole('row', { name: /harbour site/ }));
  await person.keyboard('{Control>}{Shift>}o{/Shift}{/Control}');
  expect(await screen.findByRole('row', { name: /cut away/ })).toBeInTheDocument();
  expect(screen.getByRole('row', { name: /harbour site/ })).toHaveAttribute('aria-selected', 'true');
  await person.click(screen.getByRole('button', { name: 'Back' }));
  await waitFor(() => expect(names()).toEqual(['Pump P-200, harbour site.jpg']));
});

it('filters go along, and without any hit one can leave them', async () => {
  const { person, field, fake } = await open('/browse?at=c-library&path=/Brand 2027');
  await person.click(field);
  await person.keyboard('harbour');
  await person.click(await screen.findByRole('button', { name: 'Filters' }));
  await person.click(await screen.findByRole('button', { name: /Approval/ }));
  await person.click(await screen.findByRole('option', { name: 'Expired' }));
  await person.click(screen.getByRole('button', { name: 'Search' }));
  expect(await screen.findByText('Nothing was found')).toBeInTheDocument();
  expect(fake.folders.searches.at(-1)).toEqual({ connection: 'c-library', text: 'harbour', within: null, filters: [{ key: 'status', value: 'expired' }] });
  await person.click(screen.getByRole('button', { name: 'Without filters' }));
  await waitFor(() => expect(names()).toHaveLength(3));
  await person.click(screen.getByRole('radio', { name: 'Below Brand 2027' }));
  await waitFor(() => expect(names()).toHaveLength(2));
});

it('each filter takes what it says, and what is set is never folded away', async () => {
  const { person, field, fake } = await open('/browse?at=c-library&path=/');
  await person.click(field);
  await person.keyboard('harbour');
  const filters = async () => {
    await person.click(await screen.findByRole('button', { name: /^Filters/ }));
    return screen.findByRole('dialog', { name: 'Filters' });
  };
  const first = await filters();
  expect(within(first).queryByRole('textbox', { name: /Whole tags/ })).toBeNull();
  const changed = within(first).getByRole('group', { name: 'Changed' });
  fireEvent.change(within(changed).getByLabelText('From'), { target: { value: '2027-01-01' } });
  await person.click(within(first).getByRole('button', { name: 'More filters' }));
  const bytes = within(first).getByRole('group', { name: 'Size in bytes' });
  await person.type(within(bytes).getByLabelText('To'), '100');
  await person.click(within(first).getByRole('button', { name: /The text as a whole/ }));
  await person.click(await screen.findByRole('option', { name: 'No' }));
  await person.click(within(first).getByRole('button', { name: 'Search' }));
  await waitFor(() =>
    expect(fake.folders.searches.at(-1)?.filters).toEqual([
      { key: 'lastModified', value: '2027-01-01..' },
      { key: 'exactMatch', value: 'false' },
      { key: 'fileSize', value: '..100' },
    ]),
  );
  const second = await filters();
  expect(within(second).getByRole('group', { name: 'Size in bytes' })).toBeVisible();
  expect(within(within(second).getByRole('group', { name: 'Changed' })).getByLabelText('From')).toHaveValue('2027-01-01');
});

it('a search that fails says why and is tried again', async () => {
  const { person, field, fake } = await open('/browse?at=c-library&path=/', (one) => {
    one.refusals.set('browseSearch', { code: 'remote', failure: { kind: 'timed-out', side: 'destination', message: 'no answer', code: null } });
  });
  await person.click(field);
  await person.keyboard('harbour{Enter}');
  const again = await screen.findByRole('button', { name: 'Try again' });
  fake.refusals.clear();
  await person.click(again);
  await waitFor(() => expect(names()).toHaveLength(3));
});

it('acts work on what was found, with its own path', async () => {
  const { person, field, fake } = await open('/browse?at=c-library&path=/');
  fake.picked = ['/home/records/Downloads'];
  await person.click(field);
  await person.keyboard('valve{Enter}');
  await person.click(await screen.findByRole('row', { name: /Valve/ }));
  await person.keyboard('{Control>}d{/Control}');
  await waitFor(() => expect(fake.folders.copies.map(({ sources }) => sources)).toEqual([[{ connection: 'c-library', path: '/Products/Valve V-12.jpg' }]]));
});

it('where a remote cannot be searched, Enter does nothing of the kind', async () => {
  const { person, fake } = await openWindow('/browse?at=c-archive&path=/2027', systemsDay(Date.now()));
  await screen.findByRole('row', { name: /Claim/ });
  await person.click(screen.getByRole('searchbox', { name: 'Find in this folder' }));
  await person.keyboard('claim{Enter}');
  expect(screen.queryByRole('button', { name: /Search on/ })).toBeNull();
  expect(fake.folders.searches).toEqual([]);
});

it('what was found is sorted by any column, and a third time leads back to the order of the remote', async () => {
  const { person, field } = await open('/browse?at=c-library&path=/');
  await person.click(field);
  await person.keyboard('harbour{Enter}');
  await waitFor(() => expect(names()).toHaveLength(3));
  const header = screen.getByRole('columnheader', { name: 'In folder' });
  await person.click(header);
  expect(names()).toEqual(['Key visual, harbour at dawn.tif', 'Key visual, harbour at night.tif', 'Pump P-200, harbour site.jpg']);
  await person.click(header);
  expect(header).toHaveAttribute('aria-sort', 'descending');
  expect(names()[0]).toBe('Pump P-200, harbour site.jpg');
  await person.click(header);
  expect(header).toHaveAttribute('aria-sort', 'none');
  expect(names()[0]).toBe('Key visual, harbour at dawn.tif');
});

it('who goes to the folder of a result and comes back finds it chosen, in the order that was', async () => {
  const { person, field } = await open('/browse?at=c-library&path=/Brand 2027');
  await person.click(field);
  await person.keyboard('harbour{Enter}');
  await waitFor(() => expect(names()).toHaveLength(3));
  await person.click(screen.getByRole('columnheader', { name: 'Size' }));
  await person.click(await screen.findByRole('row', { name: /at night/ }));
  await person.keyboard('{Control>}{Shift>}o{/Shift}{/Control}');
  expect(await screen.findByRole('row', { name: /Logo 1/ })).toBeInTheDocument();
  await person.click(screen.getByRole('button', { name: 'Back' }));
  await waitFor(() => expect(names()).toEqual(['Pump P-200, harbour site.jpg', 'Key visual, harbour at dawn.tif', 'Key visual, harbour at night.tif']));
  expect(screen.getByRole('row', { name: /at night/ })).toHaveAttribute('aria-selected', 'true');
});

it('a column that is empty in the whole listing gives way until somebody asks for it, and that is kept for its kind', async () => {
  const { person } = await openWindow('/browse?at=c-records&path=/Personnel', systemsDay(Date.now()));
  await screen.findByRole('row', { name: /Works council/ });
  expect(headers()).toEqual(['File', 'Categories', 'Size', 'Changed']);
  await person.click(screen.getByRole('button', { name: 'Columns' }));
  await person.click(await screen.findByRole('menuitemcheckbox', { name: 'Reserved by, empty here' }));
  await person.click(screen.getByRole('menuitemcheckbox', { name: 'Size' }));
  await person.keyboard('{Escape}');
  await waitFor(() => expect(headers()).toEqual(['File', 'Categories', 'Reserved by', 'Changed']));
  await person.click(await screen.findByRole('button', { name: 'Up' }));
  await screen.findByRole('row', { name: /Filing plan/ });
  expect(headers()).toEqual(['File', 'Reserved by', 'Changed']);
  expect(localStorage.getItem('waybill.browse-columns')).toBe('{"xecm":{"widths":{},"choices":{"fact:reserved":true,"size":false}}}');
});

it('states are words, and categories a word each', async () => {
  await openWindow('/browse?at=c-records&path=/Contracts', systemsDay(Date.now()));
  const row = await screen.findByRole('row', { name: /Framework/ });
  expect(within(row).getByText('Contract')).toBeInTheDocument();
  expect(within(row).getByText('Retention')).toBeInTheDocument();
});
