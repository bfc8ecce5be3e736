import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it, vi } from 'vitest';
import { BLOCK } from '@/domain/transfer-list';
import { busyDay } from '@/ipc/fake/data';
import { openWindow } from '@/test/open-window';
import { foldAll } from './folded';

const rowOf = (name: string | RegExp) => screen.findByRole('row', { name: new RegExp(name) });
const noRow = (name: string) => expect(screen.queryByRole('row', { name: new RegExp(name) })).not.toBeInTheDocument();
type Fake = Awaited<ReturnType<typeof openWindow>>['fake'];
const stateOf = (fake: Fake, id: string) => fake.data.transfers.find((one) => one.id === id)?.state;
const orderOf = (fake: Fake, run: string) => fake.data.transfers.filter((one) => one.run === run).map((one) => one.id);

async function openPlace(day = busyDay(Date.now())) {
  foldAll([], true);
  const opened = await openWindow('/transfers', day);
  await rowOf('Deposition');
  return opened;
}

describe('runs', () => {
  it('fold and unfold by Left and Right, and stay folded', async () => {
    const { person } = await openPlace();
    await person.click(await rowOf('Call log'));
    await person.keyboard('{ArrowLeft}');
    expect(await rowOf('Evidence bundle')).toHaveFocus();
    await person.keyboard('{ArrowLeft}');
    await waitFor(() => noRow('Call log'));
    expect(await rowOf('Evidence bundle')).toHaveFocus();
    await person.keyboard('{ArrowRight}');
    expect(await rowOf('Call log')).toBeInTheDocument();
  });

  it('are paused, called off and tried again as one', async () => {
    const { person, fake } = await openPlace();
    await person.click(await rowOf('Evidence bundle'));
    const side = await screen.findByRole('complementary', { name: 'Run' });
    expect(side).toHaveTextContent('31 of 40 matched');
    await person.keyboard('p');
    await waitFor(() => expect([stateOf(fake, 't-02'), stateOf(fake, 't-04')]).toEqual(['paused', 'paused']));
    expect(stateOf(fake, 't-22')).toBe('waiting');
    await person.click(await rowOf('Nightly invoices'));
    await person.keyboard('r');
    await waitFor(() => expect(stateOf(fake, 't-23')).toBe('queued'));
    await person.keyboard('{Delete}');
    await waitFor(() => expect(stateOf(fake, 't-24')).toBe('cancelled'));
    expect(stateOf(fake, 't-21')).toBe('done');
  });

  it('are shown alone, and all again', async () => {
    const { person } = await openPlace();
    await person.click(await rowOf('Nightly invoices'));
    await person.click(within(await screen.findByRole('complementary', { name: 'Run' })).getByRole('button', { name: 'More' }));
    await person.click(await screen.findByRole('menuitem', { name: 'Show only this run' }));
    await waitFor(() => noRow('Deposition'));
    await person.click(await screen.findByRole('button', { name: 'Without Only Nightly invoices' }));
    expect(await rowOf('Deposition')).toBeInTheDocument();
  });
});

it('has read what it begins with before one goes there', async () => {
  foldAll([], true);
  const { person, fake } = await openWindow('/today');
  const asked = vi.spyOn(fake, 'transferBlocks');
  await waitFor(() => expect(asked.mock.calls.some(([, , limit]) => limit === BLOCK)).toBe(true), { timeout: 5000 });
  await Promise.all(asked.mock.results.map(({ value }) => value));
  // What is asked from now on is never answered.
  asked.mockImplementation(() => new Promise(() => {}));
  await person.keyboard('{Control>}2{/Control}');
  expect(await rowOf('Deposition')).toBeInTheDocument();
});

describe('the line', () => {
  it('is put in order by Alt with an arrow, and told', async () => {
    const day = busyDay(Date.now());
    for (const id of ['t-02', 't-03']) Object.assign(day.transfers.find((one) => one.id === id) ?? {}, { state: 'queued' });
    const { person, fake } = await openPlace(day);
    await person.click(await rowOf('Site camera 05'));
    await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
    await waitFor(() => expect(orderOf(fake, 'r-1').slice(0, 4)).toEqual(['t-01', 't-03', 't-02', 't-04']));
    expect(await rowOf('Site camera 05')).toHaveFocus();
    await person.click(await rowOf('Mail export'));
    await person.keyboard('t');
    await waitFor(() => expect(orderOf(fake, 'r-1')[0]).toBe('t-04'));
  });

  it('leaves what has begun where it is', async () => {
    const { person, fake } = await openPlace();
    const before = orderOf(fake, 'r-1');
    await person.click(await rowOf('Site camera 05'));
    await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(orderOf(fake, 'r-1')).toEqual(before);
  });
});

describe('acts', () => {
  it('that came too soon are taken back', async () => {
    const { person, fake } = await openPlace();
    await person.click(await rowOf('Mail export'));
    await person.keyboard('{Delete}');
    await waitFor(() => expect(stateOf(fake, 't-04')).toBe('cancelled'));
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(stateOf(fake, 't-04')).toBe('queued'));
  });

  it('on a whole run are taken back where nothing else would go back with them', async () => {
    const { person, fake } = await openPlace();
    await person.click(await rowOf('Evidence bundle'));
    await person.keyboard('p');
    await waitFor(() => expect(stateOf(fake, 't-04')).toBe('paused'));
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(stateOf(fake, 't-04')).toBe('queued'));
    // One of this run was paused before, and stays so.
    await person.click(await rowOf('Nightly invoices'));
    await person.keyboard('p');
    await waitFor(() => expect(stateOf(fake, 't-22')).toBe('paused'));
    expect(screen.queryByRole('button', { name: 'Undo' })).not.toBeInTheDocument();
  });

  it('a file that was put first goes back to where it stood', async () => {
    const { person, fake } = await openPlace();
    const before = orderOf(fake, 'r-3');
    await person.click(await rowOf('INV-88126'));
    await person.keyboard('t');
    await waitFor(() => expect(orderOf(fake, 'r-3')[0]).toBe('t-24'));
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(orderOf(fake, 'r-3')).toEqual(before));
  });

  it('on all that fit a filter ask before they call off', async () => {
    const { person, fake } = await openPlace();
    await person.type(screen.getByRole('searchbox'), 'inv');
    await waitFor(() => noRow('Deposition'));
    await person.click(screen.getByRole('button', { name: 'All that fit the filter' }));
    await person.click(await screen.findByRole('menuitem', { name: /Cancel them/ }));
    const dialog = await screen.findByRole('alertdialog');
    expect(stateOf(fake, 't-22')).toBe('waiting');
    await person.click(within(dialog).getByRole('button', { name: 'Cancel them' }));
    await waitFor(() => expect(stateOf(fake, 't-22')).toBe('cancelled'));
    expect(stateOf(fake, 't-04')).toBe('queued');
  });

  it('are offered by a menu that a key opens', async () => {
    const { person, fake } = await openPlace();
    await person.pointer({ keys: '[MouseRight]', target: await rowOf('INV-88126') });
    await person.click(await screen.findByRole('menuitem', { name: /Resume/ }));
    await waitFor(() => expect(stateOf(fake, 't-24')).toBe('queued'));
  });
});

describe('filters', () => {
  it('narrow the history by evidence and connection, each with its way out', async () => {
    const { person } = await openPlace();
    await person.click(screen.getByRole('button', { name: 'Filter' }));
    await person.click(await screen.findByRole('button', { name: /Any Evidence/ }));
    await person.click(await screen.findByRole('option', { name: 'accepted' }));
    await person.keyboard('{Escape}');
    expect(await rowOf('Terms of delivery')).toBeInTheDocument();
    await waitFor(() => noRow('Deposition'));
    await person.click(await screen.findByRole('button', { name: 'Without accepted' }));
    expect(await rowOf('Deposition')).toBeInTheDocument();
  });

  it('are kept under a name, which is taken once', async () => {
    const { person, fake } = await openPlace();
    await person.click(screen.getByRole('radio', { name: /Failed/ }));
    await rowOf('INV-88125');
    await person.click(screen.getByRole('button', { name: 'Views' }));
    await person.click(await screen.findByRole('menuitem', { name: /Save this view/ }));
    await person.type(await screen.findByRole('textbox', { name: 'Name' }), 'What failed{Enter}');
    await waitFor(() => expect(fake.history.views).toHaveLength(1));
    expect(fake.history.views[0]).toMatchObject({ name: 'What failed', place: '/transfers', search: { show: 'failed' } });
    await person.click(screen.getByRole('radio', { name: 'All' }));
    await rowOf('Deposition');
    await person.click(screen.getByRole('button', { name: 'Views' }));
    await person.click(await screen.findByRole('menuitem', { name: 'What failed' }));
    await waitFor(() => noRow('Deposition'));
  });
});

describe('the side', () => {
  it('shows either end where it lies', async () => {
    const { person, fake } = await openPlace();
    await person.click(await rowOf('Mail export'));
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    await person.click(within(side).getByRole('button', { name: 'Show in the file manager' }));
    await waitFor(() => expect(fake.history.shown).toEqual(['t-04 source']));
    await person.click(within(side).getByRole('button', { name: 'Look at it on evidence-eu' }));
    expect(await screen.findByRole('heading', { name: 'Browse' })).toBeInTheDocument();
  });

  it('copies what is known as text and as JSON', async () => {
    const { person } = await openPlace();
    const written = vi.spyOn(navigator.clipboard, 'writeText');
    await person.click(await rowOf('Deposition'));
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    await person.click(await within(side).findByRole('button', { name: 'Copy the evidence' }));
    const text = written.mock.calls[0]?.[0] ?? '';
    expect(text).toMatch(/SHA-256: +9f2c41aa07be55d1/);
    expect(text).toMatch(/To: +evidence-eu: \/2291\/Deposition transcript vol. 3.pdf/);
    await person.click(within(side).getByRole('button', { name: 'As JSON' }));
    expect(JSON.parse(written.mock.calls[1]?.[0] ?? '')).toMatchObject({ transfer: 't-01', evidence: 'matched', proof: 'sha256', size: 18_400_000 });
  });

  it('folds steps of course into what they led to, and tells them when asked', async () => {
    const { person } = await openPlace();
    await person.click(await rowOf('Site camera 04'));
    const story = await screen.findByRole('list', { name: 'What happened' });
    const lines = () => within(story).getAllByRole('listitem').map((line) => line.textContent);
    expect(lines()[0]).toMatch(/^Sending began.*2 before/);
    expect(lines()[1]).toMatch(/^Waits to be tried again/);
    const [before] = within(story).getAllByRole('button', { name: '2 before' });
    if (before) await person.click(before);
    expect(lines().slice(0, 3).map((line) => line?.slice(0, 6))).toEqual(['Queued', 'Taken ', 'Sendin']);
  });

  it('says that a transfer waits for an answer while a server asks for one', async () => {
    const { fake } = await openPlace();
    fake.ask({ id: 'q-1', connectionName: 'evidence-eu', instructions: [], prompts: [], secondsLeft: 90 });
    // The question itself lies over the list, which is read behind it.
    expect(await screen.findByText('waits for your answer')).toBeInTheDocument();
  });
});

describe('the limit', () => {
  it('is set for an hour and taken back, where the work is seen', async () => {
    const { person, fake } = await openPlace();
    await person.click(await screen.findByRole('button', { name: 'Bandwidth' }));
    const dialog = await screen.findByRole('dialog', { name: 'Bandwidth' });
    expect(within(dialog).getByRole('status')).toHaveTextContent('No limit');
    await person.click(within(dialog).getByRole('button', { name: 'Limit' }));
    await waitFor(() => expect(fake.kept.forNow?.bytesPerSecond).toBe(10_000_000));
    await person.click(await within(dialog).findByRole('button', { name: 'Back to the settings' }));
    await waitFor(() => expect(fake.kept.forNow).toBeNull());
  });
});
