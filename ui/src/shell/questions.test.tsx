import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import type { QuestionView } from '@/ipc';
import { toast } from '@/kit/toast';
import { openWindow } from '@/test/open-window';

const CODE = '246810-canary';

const question: QuestionView = {
  id: '1',
  connectionName: 'north-gmbh',
  instructions: ['Two-step sign-in of Northwind'],
  prompts: [
    { text: 'One-time code:', visible: true },
    { text: 'PIN:', visible: false },
  ],
  secondsLeft: 110,
};

it('a server is answered in its own prompts, visible or not as it says', async () => {
  const { fake, person } = await openWindow('/connections');
  act(() => fake.ask(question));
  const dialog = await screen.findByRole('alertdialog', { name: 'north-gmbh asks you something' });
  expect(dialog).toHaveTextContent('Two-step sign-in of Northwind');
  expect(dialog).toHaveTextContent('1:50 left');
  const code = within(dialog).getByLabelText('One-time code:');
  const pin = within(dialog).getByLabelText('PIN:');
  expect([code.getAttribute('type'), pin.getAttribute('type')]).toEqual(['text', 'password']);
  expect(within(dialog).getByRole('button', { name: 'Answer' })).toBeDisabled();
  await person.type(code, CODE);
  await person.type(pin, '99{Enter}');
  await waitFor(() => expect(fake.typed).toEqual([{ id: '1', answers: [CODE, '99'] }]));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
});

it('what was typed stays nowhere in the window', async () => {
  const { fake, person, client } = await openWindow('/connections');
  act(() => fake.ask(question));
  const dialog = await screen.findByRole('alertdialog');
  await person.type(within(dialog).getByLabelText('One-time code:'), CODE);
  await person.type(within(dialog).getByLabelText('PIN:'), '99{Enter}');
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
  const cached = [...client.getQueryCache().getAll(), ...client.getMutationCache().getAll()].map((one) => one.state);
  expect(JSON.stringify(cached)).not.toContain(CODE);
  expect(JSON.stringify({ ...localStorage, ...sessionStorage })).not.toContain(CODE);
  expect(document.documentElement.outerHTML).not.toContain(CODE);
});

it('giving up tells the desk so, and Escape is giving up', async () => {
  const { fake, person } = await openWindow('/connections');
  act(() => fake.ask(question));
  await person.click(within(await screen.findByRole('alertdialog')).getAllByRole('button', { name: 'Give up signing in' })[1] as HTMLElement);
  await waitFor(() => expect(fake.typed).toEqual([{ id: '1', answers: null }]));
  act(() => fake.ask({ ...question, id: '2' }));
  await screen.findByRole('alertdialog');
  await person.keyboard('{Escape}');
  await waitFor(() => expect(fake.typed[1]).toEqual({ id: '2', answers: null }));
});

it('a question whose time is over closes, and the next one is asked', async () => {
  const { fake } = await openWindow('/connections');
  act(() => {
    fake.ask(question);
    fake.ask({ ...question, id: '2', connectionName: 'hm-court' });
  });
  expect(await screen.findByRole('alertdialog', { name: 'north-gmbh asks you something' })).toBeInTheDocument();
  act(() => fake.withdraw('1'));
  expect(await screen.findByRole('alertdialog', { name: 'hm-court asks you something' })).toBeInTheDocument();
  act(() => fake.withdraw('2'));
  await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
});

it('is announced, and does not open into what somebody types', async () => {
  const { fake, person } = await openWindow('/transfers');
  const find = await screen.findByRole('searchbox');
  await person.type(find, 'inv');
  act(() => fake.ask(question));
  expect(await screen.findByText('north-gmbh asks you something')).toBeInTheDocument();
  expect(screen.queryByLabelText('One-time code:')).not.toBeInTheDocument();
  await person.type(find, 'oice');
  expect(find).toHaveValue('invoice');
  await person.click(screen.getByRole('button', { name: 'Answer…' }));
  expect(await screen.findByLabelText('One-time code:')).toBeInTheDocument();
});

it('opens by itself when the typing is over', async () => {
  const { fake, person } = await openWindow('/transfers');
  await person.click(await screen.findByRole('searchbox'));
  act(() => fake.ask(question));
  await screen.findByText('north-gmbh asks you something');
  await person.tab();
  expect(await screen.findByLabelText('One-time code:')).toBeInTheDocument();
});

it('a question that was raised before the window was drawn is asked', async () => {
  await openWindow('/transfers', undefined, (fake) => fake.ask(question));
  expect(await screen.findByRole('alertdialog')).toHaveTextContent('One-time code:');
});

it('an answer that comes too late says so', async () => {
  const { fake, person } = await openWindow('/transfers');
  fake.refusals.set('answerQuestion', { code: 'not-now', message: 'the question is no longer open' });
  act(() => fake.ask({ ...question, prompts: [{ text: '', visible: false }] }));
  const dialog = await screen.findByRole('alertdialog');
  await person.type(within(dialog).getByLabelText('Answer', { selector: 'input' }), '1{Enter}');
  expect(await within(dialog).findByText('That cannot be done now')).toBeInTheDocument();
});

it('a sign-in that nobody answered offers to be asked again, and no new secret', async () => {
  const { fake, person } = await openWindow('/connections');
  act(() =>
    fake.raise({
      id: 'a-9', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null, raisedAt: 0,
      facts: [{ key: 'unanswered', value: '1' }, { key: 'message', value: 'asks a question that nobody answered' }],
    }),
  );
  await person.click(await screen.findByRole('button', { name: 'Answer…' }));
  const dialog = await screen.findByRole('dialog', { name: 'north-gmbh: its question was not answered' });
  expect(within(dialog).queryByLabelText('New secret')).not.toBeInTheDocument();
  await person.click(within(dialog).getByRole('button', { name: 'Ask me again' }));
  await waitFor(() => expect(fake.answers).toEqual([{ id: 'a-9', answer: { answer: 'dismiss' } }]));
});

it('a new secret is given by Enter', async () => {
  const { fake, person } = await openWindow('/connections');
  act(() =>
    fake.raise({
      id: 'a-9', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null, raisedAt: 0,
      facts: [{ key: 'message', value: 'the password was refused' }],
    }),
  );
  await person.click(await screen.findByRole('button', { name: 'Answer…' }));
  const dialog = await screen.findByRole('dialog', { name: 'north-gmbh refused the sign-in' });
  await person.type(within(dialog).getByLabelText('New secret'), 'canary{Enter}');
  await waitFor(() => expect(fake.answers).toMatchObject([{ id: 'a-9', answer: { answer: 'new-secrets', secrets: [{ value: 'canary' }] } }]));
});

it('a connection whose vault is closed asks for the passphrase and for no new secret, and a wrong one is said', async () => {
  const { fake, person } = await openWindow('/connections');
  act(() =>
    fake.raise({
      id: 'a-9', kind: 'unauthenticated', connection: 'c-north', connectionName: 'north-gmbh', transfer: null, run: null, raisedAt: 0,
      facts: [{ key: 'vault-closed', value: 'file' }, { key: 'message', value: 'the secret cannot be had' }],
    }),
  );
  expect(await screen.findByText('north-gmbh: its vault is closed')).toBeInTheDocument();
  fake.refusals.set('openVault', { code: 'vault', message: 'wrong', needsPassphrase: true });
  await person.click(await screen.findByRole('button', { name: 'Give the passphrase…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Passphrase of the secrets' });
  await person.type(within(dialog).getByLabelText('Passphrase'), 'not the one{Enter}');
  expect(await within(dialog).findByText(/This passphrase does not open the file/)).toBeInTheDocument();
  expect(within(dialog).queryByText(/No keyring answers on this computer$/)).not.toBeInTheDocument();
});

it('the notice of a question goes when the question is answered elsewhere, and that of another stays', async () => {
  const { fake } = await openWindow('/connections');
  const raised = (id: string, name: string) => ({
    id, kind: 'unauthenticated' as const, connection: 'c-north', connectionName: name, transfer: null, run: null, raisedAt: 0, facts: [{ key: 'message', value: 'no' }],
  });
  act(() => {
    fake.raise(raised('a-8', 'lisbon'));
    fake.raise(raised('a-9', 'porto'));
  });
  const notices = await screen.findByRole('region', { name: 'Notices' });
  expect(await within(notices).findByText('lisbon: sign-in refused')).toBeInTheDocument();
  expect(within(notices).getByText('porto: sign-in refused')).toBeInTheDocument();
  fake.data.attention = fake.data.attention.filter((one) => one.id !== 'a-8');
  act(() => fake.topics.tell(['attention']));
  await waitFor(() => expect(within(notices).queryByText('lisbon: sign-in refused')).not.toBeInTheDocument());
  expect(within(notices).getByText('porto: sign-in refused')).toBeInTheDocument();
});

it('the notice of a server that asks goes when its question does', async () => {
  const { fake, person } = await openWindow('/transfers');
  await person.type(await screen.findByRole('searchbox'), 'inv');
  act(() => fake.ask(question));
  expect(await screen.findByText('north-gmbh asks you something')).toBeInTheDocument();
  act(() => fake.withdraw('1'));
  await waitFor(() => expect(screen.queryByText('north-gmbh asks you something')).not.toBeInTheDocument());
});

it('the keys of the window act while a notice has the focus', async () => {
  const { person } = await openWindow('/transfers');
  act(() => toast({ text: 'A notice', action: { label: 'Do it', run: () => {} } }));
  const notice = await screen.findByRole('button', { name: 'Do it' });
  act(() => notice.focus());
  expect(notice.closest('[role=alertdialog]')).not.toBeNull();
  await person.keyboard('{Control>}o{/Control}');
  expect(await screen.findByRole('dialog', { name: 'Send files' })).toBeInTheDocument();
});

it('axe finds nothing in the question', async () => {
  const { fake } = await openWindow('/transfers');
  act(() => fake.ask(question));
  const dialog = await screen.findByRole('alertdialog');
  const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
