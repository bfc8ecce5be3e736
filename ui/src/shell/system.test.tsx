import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { lastChoice, rememberChoice, rememberDropFolder } from '@/parts/remembered';
import { openWindow } from '@/test/open-window';

const FILE = '/home/records/Terms.pdf';
const FOLDER = '/home/records/Matter 2291';

async function sendDialog(): Promise<HTMLElement> {
  return screen.findByRole('dialog', { name: 'Send files' });
}

async function choose(person: Awaited<ReturnType<typeof openWindow>>['person'], dialog: HTMLElement, label: string, option: string) {
  await person.click(within(dialog).getByRole('button', { name: new RegExp(label) }));
  await person.click(await screen.findByRole('option', { name: option }));
}

it('the desk hears when the first picture stands, and in which language', async () => {
  const { fake } = await openWindow('/transfers');
  await waitFor(() => expect(fake.system.painted).toBe('en'));
});

it('what is dropped on the bare window is shown with what lies in it before it is sent', async () => {
  const { fake } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.system.measures.set(FOLDER, { folder: true, files: 1204, bytes: 3_400_000_000 });
  });
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FOLDER, FILE] }));
  const dialog = await sendDialog();
  expect(await within(dialog).findByText('1 folder · 1,205 files · 3.4 GB')).toBeInTheDocument();
  expect(within(dialog).getByText('1,204 files, 3.4 GB')).toBeInTheDocument();
  expect(within(dialog).getByText('Terms.pdf')).toBeInTheDocument();
});

it('a count that ran out of time says at least, and what cannot be read can be left out', async () => {
  const { fake, person } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.system.measures.set(FOLDER, { folder: true, files: 90_000, bytes: 1_000, complete: false });
    prepared.system.measures.set(FILE, { files: 0, bytes: 0, problem: 'No such file' });
  });
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FOLDER, FILE] }));
  const dialog = await sendDialog();
  expect(await within(dialog).findByText(/^1 folder · at least 90,000 files/)).toBeInTheDocument();
  expect(within(dialog).getByText(/^1 of these cannot be read/)).toBeInTheDocument();
  await person.click(within(dialog).getByRole('button', { name: 'Leave out Terms.pdf' }));
  await waitFor(() => expect(within(dialog).queryByText(/cannot be read/)).not.toBeInTheDocument());
  await choose(person, dialog, 'To', 'north-gmbh');
  await person.click(within(dialog).getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(fake.sent[0]?.sources).toEqual([FOLDER]));
});

it('how something was sent is remembered for its kind', async () => {
  const { fake, person } = await openWindow('/connections', undefined, (prepared) => {
    prepared.system.measures.set(FOLDER, { folder: true, files: 2, bytes: 10 });
  });
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FOLDER] }));
  const dialog = await sendDialog();
  await within(dialog).findByText(/1 folder · 2 files/);
  await choose(person, dialog, 'To', 'north-gmbh');
  await choose(person, dialog, 'If it is already there', 'replace it');
  await person.click(within(dialog).getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(lastChoice('folders')).toEqual({ connection: 'c-north', conflict: 'overwrite', proof: 'matched' }));
  expect(lastChoice('files')).toBeNull();
});

it('what was chosen the last time is chosen already, and folders go their own way', async () => {
  rememberChoice('folders', { connection: 'c-north', conflict: 'skip', proof: 'accepted' });
  rememberDropFolder('c-north', '/in');
  const { fake, person } = await openWindow('/connections', undefined, (prepared) => {
    prepared.system.measures.set(FOLDER, { folder: true, files: 2, bytes: 10 });
  });
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FOLDER] }));
  await within(await sendDialog()).findByText(/1 folder · 2 files/);
  await person.click(screen.getByText('Send', { selector: 'button' }));
  await waitFor(() =>
    expect(fake.sent).toEqual([{ sources: [FOLDER], connection: 'c-north', folder: '/in', conflict: 'skip', proof: 'accepted', forms: [] }]),
  );
});

it('a connection that was removed meanwhile is not chosen', async () => {
  rememberChoice('files', { connection: 'c-gone', conflict: 'skip', proof: 'matched' });
  const { fake, person } = await openWindow('/connections');
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FILE] }));
  await sendDialog();
  await person.click(screen.getByText('Send', { selector: 'button' }));
  expect(await screen.findByText('Choose where to.', { selector: '[slot=errorMessage], [slot=errorMessage] *' })).toBeInTheDocument();
  expect(fake.sent).toEqual([]);
});

it('pasted files are asked about, by the keyboard alone', async () => {
  const { fake, person } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.system.pasted = { paths: [FILE], elsewhere: 1, loose: null };
  });
  await person.keyboard('{Control>}v{/Control}');
  expect(within(await sendDialog()).getByText('Terms.pdf')).toBeInTheDocument();
  expect(await screen.findByText(/1 of the copied files is not on this computer/)).toBeInTheDocument();
  expect(fake.sent).toHaveLength(0);
});

it('a pasted picture becomes a file only when it is sent', async () => {
  const { fake, person } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.system.pasted = { paths: [], elsewhere: 0, loose: { id: '7', name: 'Pasted picture.png', bytes: 5000 } };
  });
  await person.keyboard('{Control>}v{/Control}');
  const dialog = await sendDialog();
  expect(within(dialog).getByText('Pasted picture.png')).toBeInTheDocument();
  expect(fake.system.kept).toEqual([]);
  await choose(person, dialog, 'To', 'north-gmbh');
  await person.click(within(dialog).getByRole('button', { name: 'Send' }));
  await waitFor(() => expect(fake.sent[0]?.sources).toEqual(['/home/records/.local/share/waybill/pasted/7/Pasted picture.png']));
});

it('an empty clipboard says so, and a text that is typed takes the paste itself', async () => {
  const { person } = await openWindow('/transfers');
  await person.keyboard('{Control>}v{/Control}');
  expect(await screen.findByText('There is nothing on the clipboard that can be sent.')).toBeInTheDocument();
  expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  await person.click(screen.getByRole('searchbox'));
  await person.paste('invoice');
  expect(screen.getByRole('searchbox')).toHaveValue('invoice');
});

it('files of a command line are asked about, those that came before the window was drawn too', async () => {
  const { fake } = await openWindow('/transfers', undefined, (prepared) => prepared.system.given.push(FILE));
  expect(within(await sendDialog()).getByText('Terms.pdf')).toBeInTheDocument();
  act(() => fake.system.give([FOLDER]));
  expect(await within(await sendDialog()).findByText('Matter 2291')).toBeInTheDocument();
  expect(within(await sendDialog()).getByText('Terms.pdf')).toBeInTheDocument();
});

it('quitting while files are on their way asks, and Escape keeps running', async () => {
  const { fake, person } = await openWindow('/transfers');
  act(() => fake.system.quitAskings.tell({ question: 1, files: 3, tray: false }));
  const dialog = await screen.findByRole('alertdialog', { name: '3 files are still on their way' });
  await waitFor(() => expect(fake.system.seen).toEqual([1]));
  expect(within(dialog).queryByRole('button', { name: 'Hide' })).not.toBeInTheDocument();
  const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => violation.id)).toEqual([]);
  await person.keyboard('{Escape}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  expect(fake.system.quitAnswers).toEqual([]);
});

it('the answer to that question is told, and a tray offers to hide', async () => {
  const { fake, person } = await openWindow('/transfers');
  act(() => fake.system.quitAskings.tell({ question: 1, files: 1, tray: true }));
  await person.click(await screen.findByRole('button', { name: 'Hide' }));
  await waitFor(() => expect(fake.system.quitAnswers).toEqual(['hide']));
  act(() => fake.system.quitAskings.tell({ question: 2, files: 1, tray: true }));
  await person.click(await screen.findByRole('button', { name: 'Quit, go on later' }));
  await waitFor(() => expect(fake.system.quitAnswers).toEqual(['hide', 'quit']));
});

it('Ctrl Q asks the desk to end', async () => {
  const { fake, person } = await openWindow('/transfers');
  await person.keyboard('{Control>}q{/Control}');
  await waitFor(() => expect(fake.system.quits).toBe(1));
});

it('a notice that was clicked leads to its run, and to nothing else', async () => {
  const { fake } = await openWindow('/connections');
  const [run, other] = fake.data.runs;
  const nameIn = (id: string | undefined) => new RegExp(fake.data.transfers.find((one) => one.run === id)?.name ?? '');
  act(() => fake.system.shownRuns.tell({ run: run?.id ?? '' }));
  expect(await screen.findByRole('row', { name: nameIn(run?.id) })).toBeInTheDocument();
  expect(screen.queryByRole('row', { name: nameIn(other?.id) })).not.toBeInTheDocument();
});

it('a notice of a question leads to what needs somebody', async () => {
  const { fake } = await openWindow('/connections');
  act(() => fake.system.shownRuns.tell({ run: null }));
  expect(await screen.findByRole('heading', { level: 1, name: 'Today' })).toBeInTheDocument();
});

it('an engine that is gone is said above every place until it is back', async () => {
  const { fake } = await openWindow('/transfers');
  act(() => fake.system.become({ engine: { state: 'down', reason: 'it ended' } }));
  expect(await screen.findByText(/^Files do not move at the moment/)).toBeInTheDocument();
  act(() => fake.system.become({ engine: { state: 'elsewhere' } }));
  expect(await screen.findByText(/^Another Waybill program moves the files/)).toBeInTheDocument();
  act(() => fake.system.become({ engine: { state: 'here' } }));
  await waitFor(() => expect(screen.queryByText(/Another Waybill program/)).not.toBeInTheDocument());
});

it('a window that is drawn without the graphics card says why, and how it is tried again', async () => {
  const { fake, person } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.system.shell = { engine: { state: 'here' }, safeGraphics: 'not-painted' };
  });
  expect(await screen.findByText(/because it stayed empty with it\.$/)).toBeInTheDocument();
  await person.click(screen.getByRole('button', { name: 'Try the card again at the next start' }));
  await waitFor(() => expect(fake.system.triedGraphics).toBe(true));
  await waitFor(() => expect(screen.queryByText(/without the graphics card/)).not.toBeInTheDocument());
});

it('a database that another program holds is waited for, and said meanwhile', async () => {
  const { fake } = await openWindow('/connections', undefined, (prepared) => prepared.refusals.set('connections', { code: 'busy', message: 'locked' }));
  expect(await screen.findByText(/holds the desk’s database for a moment/)).toBeInTheDocument();
  fake.refusals.delete('connections');
  expect(await screen.findByRole('option', { name: /north-gmbh/ })).toBeInTheDocument();
  await waitFor(() => expect(screen.queryByText(/holds the desk’s database/)).not.toBeInTheDocument());
});

it('answers that come late, and in another order, do no harm', async () => {
  const { fake, person } = await openWindow('/transfers');
  const letGo = fake.hold('transfersPage');
  const find = await screen.findByRole('searchbox');
  await person.type(find, 'nothing is called so');
  await person.clear(find);
  letGo();
  await waitFor(() => expect(screen.getAllByRole('row').length).toBeGreaterThan(3));
  await person.type(find, 'Site camera');
  await waitFor(() => expect(screen.getByRole('row', { name: /Site camera 04/ })).toBeInTheDocument());
});

it('sending that answers late is sent once, however often the button is pressed', async () => {
  const { fake, person } = await openWindow('/transfers');
  act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [FILE] }));
  const dialog = await sendDialog();
  await choose(person, dialog, 'To', 'north-gmbh');
  const letGo = fake.hold('send');
  const button = within(dialog).getByRole('button', { name: 'Send' });
  await person.click(button);
  await person.click(button);
  await person.keyboard('{Escape}');
  letGo();
  expect(await screen.findByText('1 file or folder is on its way')).toBeInTheDocument();
  expect(fake.sent).toHaveLength(1);
});

it('pushes that come twice are told once', async () => {
  const { fake } = await openWindow('/transfers', undefined, (prepared) => {
    prepared.twice = true;
  });
  act(() => {
    fake.raise({
      id: 'a-9', kind: 'disk-full', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null, raisedAt: 0, facts: [],
    });
    fake.system.quitAskings.tell({ question: 1, files: 2, tray: false });
    fake.system.give([FILE]);
  });
  expect(await screen.findAllByRole('alertdialog', { name: /still on their way/ })).toHaveLength(1);
  await waitFor(() => expect(fake.system.given).toEqual([]));
  const answers = await screen.findAllByRole('button', { name: 'Answer…', hidden: true });
  expect(answers.filter((one) => one.closest('[role=alertdialog], [role=region]') !== null).length).toBeLessThanOrEqual(1);
});
