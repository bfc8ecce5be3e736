import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { busyDay, connectionsOf, emptyDay, longDay, SAMPLES } from '@/ipc/fake/data';
import { openWindow } from '@/test/open-window';

const rowOf = (name: string | RegExp) => screen.findByRole('row', { name: new RegExp(name) });
const stateOf = (fake: { data: { transfers: { id: string; state: string }[] } }, id: string) =>
  fake.data.transfers.find((one) => one.id === id)?.state;

describe('the list', () => {
  it('shows runs with their totals and each file with its evidence in words', async () => {
    await openWindow('/transfers');
    expect(await screen.findByText('31 of 40 matched, 9.6 of 20.1 GB')).toBeInTheDocument();
    expect(within(await rowOf('Deposition transcript')).getByText('matched')).toBeInTheDocument();
    expect(within(await rowOf('INV-88125')).getByText('not allowed')).toBeInTheDocument();
  });

  it('lists a run from its beginning, before its first file was counted', async () => {
    const { fake } = await openWindow('/transfers', emptyDay());
    await screen.findByText('Nothing was sent yet');
    const [run] = busyDay(Date.now()).runs;
    if (!run) throw new Error('a day has runs');
    fake.data.runs = [{ ...run, title: 'Matter 2291', counting: true, files: 0, bytes: 0, bytesDone: 0, matched: 0, done: 0, failed: 0, running: 0, waiting: 0, paused: 0, needsYou: 0 }];
    act(() => fake.topics.tell(['runs']));
    expect(await screen.findByText('Matter 2291')).toBeInTheDocument();
    expect(screen.getByText('not counted yet')).toBeInTheDocument();
  });

  it('draws what is seen of a hundred thousand rows and counts what it holds', async () => {
    await openWindow('/transfers', longDay(Date.now(), 100_000));
    await rowOf('scan-000000');
    expect(screen.getAllByRole('row').length).toBeLessThan(80);
    expect(Number(screen.getByRole('grid').getAttribute('aria-rowcount'))).toBeGreaterThan(200);
  });

  it('moves by J and K, and the side follows', async () => {
    const { person } = await openWindow('/transfers');
    await person.click(await rowOf('Site camera 04'));
    await person.keyboard('j');
    expect(await rowOf('Site camera 05')).toHaveFocus();
    expect(await screen.findByRole('complementary', { name: 'Transfer' })).toHaveTextContent('Site camera 05');
    await person.keyboard('k{Shift>}{ArrowDown}{/Shift}');
    expect(await screen.findByText('2 transfers')).toBeInTheDocument();
  });

  it('chooses the heading that Tab came to, and what is moved to from there', async () => {
    const { person } = await openWindow('/transfers');
    const row = await rowOf('Deposition');
    screen.getByRole('button', { name: 'All transfers' }).focus();
    await person.tab();
    const heading = await rowOf('Evidence bundle');
    expect(heading).toHaveFocus();
    expect(await screen.findByRole('complementary', { name: 'Run' })).toHaveTextContent('Evidence bundle');
    await person.keyboard('{ArrowDown}');
    expect(row).toHaveFocus();
    expect(row).toHaveAttribute('aria-selected', 'true');
    expect(await screen.findByRole('complementary', { name: 'Transfer' })).toHaveTextContent('Deposition');
    await person.keyboard('{Escape}');
    expect(row).toHaveAttribute('aria-selected', 'false');
  });

  it('says what a file waits for whose connection is stopped, and how that is mended', async () => {
    const { person } = await openWindow('/transfers');
    const row = await rowOf('Disclosure index');
    expect(await within(row).findByText('waits for hm-court')).toBeInTheDocument();
    await person.click(row);
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    expect(side).toHaveTextContent('It goes on by itself as soon as the connection works again');
    await person.click(within(side).getByRole('button', { name: 'Answer…' }));
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('another key than before');
  });

  it('finds by typing ahead', async () => {
    const { person } = await openWindow('/transfers');
    await person.click(await rowOf('Deposition'));
    await person.keyboard('inv-88125');
    expect(await rowOf('INV-88125')).toHaveFocus();
  });

  it('is narrowed by a chip and by a word, and says so when nothing is left', async () => {
    const { person } = await openWindow('/transfers');
    await rowOf('Deposition');
    await person.click(screen.getByRole('radio', { name: /Failed/ }));
    await waitFor(() => expect(screen.queryByText('Deposition transcript vol. 3.pdf')).not.toBeInTheDocument());
    await person.type(screen.getByRole('searchbox'), 'nothing like this');
    expect(await screen.findByText('No transfer fits what you look for.')).toBeInTheDocument();
  });

  it('says what the place is for while it is empty', async () => {
    await openWindow('/transfers', emptyDay());
    expect(await screen.findByText('Nothing was sent yet')).toBeInTheDocument();
  });

  it('names the documents of a demo and sends them', async () => {
    const { person, fake } = await openWindow('/transfers', { ...emptyDay(), connections: connectionsOf(0).slice(0, 3) }, (one) => {
      one.samples = SAMPLES;
    });
    expect(await screen.findByText(/Matter 2291, Price list 2027 Q1.pdf, and Read me first.txt/)).toBeInTheDocument();
    await person.click(screen.getByRole('button', { name: 'Send the sample documents to evidence-eu' }));
    await waitFor(() => expect(fake.sent[0]).toMatchObject({ sources: SAMPLES, connection: 'c-evidence', folder: '/' }));
    expect(await rowOf('Read me first')).toBeInTheDocument();
  });
});

describe('acts', () => {
  it('a key pauses what is chosen and the list hears of it', async () => {
    const { person, fake } = await openWindow('/transfers');
    await person.click(await rowOf('Site camera 04'));
    await person.keyboard('p');
    await waitFor(() => expect(stateOf(fake, 't-02')).toBe('paused'));
    expect(within(await rowOf('Site camera 04')).getAllByText('paused').length).toBeGreaterThan(0);
  });

  it('a whole run is called off from one of its files, and no other', async () => {
    const { person, fake } = await openWindow('/transfers');
    await person.click(await rowOf('Mail export'));
    await person.keyboard('{Shift>}{Delete}{/Shift}');
    await waitFor(() => expect(stateOf(fake, 't-02')).toBe('cancelled'));
    expect([stateOf(fake, 't-03'), stateOf(fake, 't-04'), stateOf(fake, 't-01')]).toEqual(['cancelled', 'cancelled', 'done']);
    expect(stateOf(fake, 't-22')).toBe('waiting');
    await person.click(await rowOf('Disclosure index'));
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    await person.click(within(side).getByRole('button', { name: 'More' }));
    await person.click(await screen.findByRole('menuitem', { name: /Cancel the whole run/ }));
    await waitFor(() => expect(stateOf(fake, 't-31')).toBe('cancelled'));
  });

  it('a failure is a sentence with its way out', async () => {
    const { person, fake } = await openWindow('/transfers');
    await person.click(await rowOf('INV-88125'));
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    expect(side).toHaveTextContent('evidence-eu does not allow writing there');
    const [retry] = within(side).getAllByRole('button', { name: /Try again/ });
    if (retry) await person.click(retry);
    await waitFor(() => expect(stateOf(fake, 't-23')).toBe('queued'));
  });

  it('all are paused at once, and let go again', async () => {
    const { person, fake } = await openWindow('/transfers');
    await rowOf('Deposition');
    await person.click(await screen.findByRole('button', { name: 'Pause all' }));
    await waitFor(() => expect(stateOf(fake, 't-03')).toBe('paused'));
    await person.click(await screen.findByRole('button', { name: 'Resume all' }));
    await waitFor(() => expect(stateOf(fake, 't-03')).toBe('queued'));
  });
});

describe('a conflict', () => {
  it('is answered for one file or for all of the run', async () => {
    const { person, fake } = await openWindow('/transfers');
    await person.click(await rowOf('Exhibit list'));
    const side = await screen.findByRole('complementary', { name: 'Transfer' });
    await person.click(await within(side).findByRole('button', { name: 'Answer…' }));
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('91.2 kB');
    await person.click(within(dialog).getByRole('checkbox'));
    await person.click(within(dialog).getByRole('button', { name: 'Keep both' }));
    await waitFor(() => expect(fake.answers).toEqual([{ id: 'a-2', answer: { answer: 'conflict', rule: 'keep-both', forAllOfRun: true } }]));
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  });
});

describe('sending', () => {
  it('a drop on the place asks where to, with the files filled in', async () => {
    const { person, fake } = await openWindow('/transfers');
    await rowOf('Deposition');
    act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: ['/home/a/Letter.pdf'] }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Letter.pdf/home/a/');
    await person.click(within(dialog).getByRole('button', { name: /^Choose where to|To/ }));
    await person.click(await screen.findByRole('option', { name: 'north-gmbh' }));
    const folder = within(dialog).getByRole('textbox', { name: 'Folder there' });
    await person.clear(folder);
    await person.type(folder, 'in/');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() =>
      expect(fake.sent).toEqual([{ sources: ['/home/a/Letter.pdf'], connection: 'c-north', folder: '/in', conflict: 'ask', proof: 'matched', forms: [] }]),
    );
  });

  it('has a keyboard path: Ctrl O, and nothing is sent without files', async () => {
    const { person, fake } = await openWindow('/transfers');
    await rowOf('Deposition');
    await person.keyboard('{Control>}o{/Control}');
    const dialog = await screen.findByRole('dialog');
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    expect(dialog).toHaveTextContent('Name at least one file or folder.');
    expect(fake.sent).toEqual([]);
  });
});

it('axe finds nothing in the place with its side open', async () => {
  const { person } = await openWindow('/transfers');
  await person.click(await rowOf('INV-88125'));
  await screen.findByRole('complementary', { name: 'Transfer' });
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
