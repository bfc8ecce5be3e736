// Somebody signs in, in their browser, from a connection's form and from the question about a refused sign-in.
import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, describe, expect, it } from 'vitest';
import type { ConnectionView } from '@/ipc';
import { attention, emptyDay } from '@/ipc/fake/data';
import { signInRefused } from '@/ipc/fake/sign-in';
import { openWindow } from '@/test/open-window';
import { forgetTests } from './test-runs';

afterEach(forgetTests);

const kept: ConnectionView = {
  id: 'c-tasks', name: 'north-tasks', kind: 'workflow', health: 'well', healthDetail: null, lastGoodAt: Date.now(), latencyMs: 84, remarks: [], waiting: 0,
  failure: null, secrets: [{ key: 'refresh_token', vault: 'keyring' }], secretExpiresAt: null, foundExpiry: null,
  settings: [
    { key: 'base_url', value: 'https://us.api.opentext.com' }, { key: 'tenant', value: 'north' },
    { key: 'sign_in', value: 'person' }, { key: 'client_id', value: 'desk' },
  ],
};

/** The form of a new one, filled in as far as the sign-in needs it. */
async function newForm(fill = true) {
  const opened = await openWindow('/connections', emptyDay());
  const { person } = opened;
  await screen.findByText('No connection yet');
  await person.keyboard('n');
  await person.click(await screen.findByRole('button', { name: /^OpenText Workflow Service/ }));
  await person.click(await screen.findByRole('button', { name: /Who signs in/ }));
  await person.click(await screen.findByRole('option', { name: 'A person, in the browser' }));
  if (fill) {
    for (const [name, text] of Object.entries({ Name: 'north-tasks', Address: 'https://us.api.opentext.com', Tenant: 'north', Client: 'desk' })) {
      // oxlint-disable-next-line no-await-in-loop -- one field after the other
      await person.click(screen.getByRole('textbox', { name }));
      // oxlint-disable-next-line no-await-in-loop -- one field after the other
      await person.paste(text);
    }
  }
  return opened;
}

const group = () => screen.findByRole('group', { name: 'Sign-in' });
const button = async (name: string | RegExp) => within(await group()).findByRole('button', { name });

describe('a new connection', () => {
  it('is signed in to, and gets the sign-in by its id and never among settings or secrets', async () => {
    const { person, fake } = await newForm();
    await person.click(await button('Sign in…'));
    expect(await within(await group()).findByText('Waiting for the browser')).toBeInTheDocument();
    expect(await group()).toHaveTextContent('https://us.api.opentext.com/tenants/north/oauth2/auth?response_type=code');
    expect(fake.browser.begun[0]).toMatchObject({ of: null, draft: { kind: 'workflow', signedIn: null }, words: expect.stringContaining('You are signed in') });
    act(() => fake.browser.comeBack());
    expect(await within(await group()).findByText('Signed in')).toBeInTheDocument();
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added[0]).toMatchObject({ signedIn: 's-1', secrets: [] }));
    expect(JSON.stringify(fake.added[0]?.settings)).not.toContain('s-1');
    expect(fake.data.connections[0]?.secrets).toEqual([{ key: 'refresh_token', vault: 'keyring' }]);
  });

  it('is first asked for what the sign-in needs', async () => {
    const { person, fake } = await newForm(false);
    await person.click(await button('Sign in…'));
    expect(await group()).toHaveTextContent('Fill in what is marked first.');
    expect(screen.getByRole('textbox', { name: 'Tenant' })).toBeInvalid();
    expect(screen.getByRole('textbox', { name: 'Name' })).toBeInvalid();
    expect(fake.browser.begun).toEqual([]);
  });

  it('that leads elsewhere after the sign-in asks for another one, and does not give the first one there', async () => {
    const { person, fake } = await newForm();
    await person.click(await button('Sign in…'));
    await within(await group()).findByText('Waiting for the browser');
    act(() => fake.browser.comeBack());
    await within(await group()).findByText('Signed in');
    await person.type(screen.getByRole('textbox', { name: 'Tenant' }), '-2');
    expect(await group()).toHaveTextContent('The sign-in was for another place');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added[0]?.signedIn).toBeNull());
  });

  it('is not asked twice for a sign-in that it has, where its test failed', async () => {
    const { person, fake } = await newForm();
    fake.failing.set('c-new-1', { steps: [], failure: { kind: 'denied', side: 'destination', message: 'no', code: null } });
    await person.click(await button('Sign in…'));
    await within(await group()).findByText('Waiting for the browser');
    act(() => fake.browser.comeBack());
    await within(await group()).findByText('Signed in');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await person.click(await screen.findByRole('button', { name: 'Change the settings' }));
    expect(await group()).toHaveTextContent('Signed in; kept in this computer');
    await person.click(screen.getByRole('button', { name: 'Save and test' }));
    await waitFor(() => expect(fake.changes[0]?.change).toMatchObject({ signedIn: null, forget: [] }));
  });
});

describe('the browser', () => {
  it('that does not come back is helped by its last address, by keyboard alone', async () => {
    const { person, fake } = await newForm();
    (await button('Sign in…')).focus();
    await person.keyboard('{Enter}');
    const fold = await button('The browser does not come back?');
    fold.focus();
    await person.keyboard('{Enter}');
    const address = within(await group()).getByRole('textbox', { name: 'Address at which the browser ended' });
    await person.type(address, 'https://us.api.opentext.com/login{Enter}');
    expect(await group()).toHaveTextContent('This is not the answer of this sign-in.');
    expect(fake.added).toEqual([]);
    await person.clear(address);
    await person.type(address, 'http://127.0.0.1:48123/callback?code=x&state=y{Enter}');
    expect(await within(await group()).findByText('Signed in')).toBeInTheDocument();
    act(() => fake.browser.fail(signInRefused('timed-out', 'nobody signed in within 10 minutes')));
    expect(await group()).toHaveTextContent('Signed in');
  });

  it('that cannot be heard asks for its last address at once, and one that cannot be started gives its own', async () => {
    const { person, fake } = await newForm();
    Object.assign(fake.browser, {
      deaf: { code: null, parameters: [], text: 'port 48123 of this computer is taken by another program; end it, or paste the address' },
      opens: false,
    });
    await person.click(await button('Sign in…'));
    expect(await within(await group()).findByText('Port 48123 of this computer is taken by another program; end it, or paste the address.')).toBeInTheDocument();
    expect(await group()).toHaveTextContent('No browser could be started.');
    expect(within(await group()).getByRole('textbox', { name: 'Address at which the browser ended' })).toBeVisible();
    const { violations } = await axe.run(await screen.findByRole('dialog'), { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
  });

  it.each([
    ['unauthenticated', 'The sign-in was refused'],
    ['timed-out', 'Nobody signed in in time'],
    ['invalid', 'The browser came back with another answer'],
    ['denied', 'The sign-in worked, and does not last'],
  ] as const)('that ends %s says so, and it is begun again in place', async (kind, title) => {
    const { person, fake } = await newForm();
    await person.click(await button('Sign in…'));
    await within(await group()).findByText('Waiting for the browser');
    act(() => fake.browser.fail(signInRefused(kind, 'the words of the service')));
    expect(await within(await group()).findByRole('alert')).toHaveTextContent(title);
    await person.click(await button('Begin again'));
    expect(await within(await group()).findByText('Waiting for the browser')).toBeInTheDocument();
    expect(fake.browser.forgotten).toEqual(['s-1']);
  });

  it('is no longer waited for where somebody cancels or leaves the form', async () => {
    const { person, fake } = await newForm();
    await person.click(await button('Sign in…'));
    await person.click(await button('Cancel'));
    expect(fake.browser.forgotten).toEqual(['s-1']);
    await person.click(await button('Sign in…'));
    await within(await group()).findByText('Waiting for the browser');
    await person.keyboard('{Escape}');
    await waitFor(() => expect(fake.browser.forgotten).toEqual(['s-1', 's-2']));
  });

  it('that was asked for by a form that is gone when the answer comes is forgotten too', async () => {
    const { person, fake } = await newForm();
    const letGo = fake.hold('beginSignIn');
    await person.click(await button('Sign in…'));
    await person.keyboard('{Escape}');
    act(() => letGo());
    await waitFor(() => expect(fake.browser.forgotten).toEqual(['s-1']));
    expect(fake.browser.begun[0]?.words).toBeNull();
  });
});

describe('a kept sign-in', () => {
  const day = () => ({ ...emptyDay(), connections: [{ ...kept, secrets: [...kept.secrets] }] });

  it('says where it lies, and is replaced or forgotten where somebody says so', async () => {
    const { person, fake } = await openWindow('/connections', day());
    await person.click(await screen.findByRole('option', { name: /north-tasks/ }));
    await person.keyboard('e');
    expect(await group()).toHaveTextContent("Signed in; kept in this computer's keyring");
    await person.click(await button('Forget'));
    expect(await group()).toHaveTextContent('Will be forgotten when you save');
    await person.click(await button('Keep the earlier one'));
    await person.click(await button('Sign in again'));
    await within(await group()).findByText('Waiting for the browser');
    expect(fake.browser.begun[0]?.of).toBe('c-tasks');
    act(() => fake.browser.comeBack());
    expect(await within(await group()).findByText('Signed in')).toBeInTheDocument();
    await person.click(screen.getByRole('button', { name: 'Save and test' }));
    await waitFor(() => expect(fake.changes[0]?.change).toMatchObject({ signedIn: 's-1', secrets: [], forget: [] }));
  });

  it('that was refused is mended in the question itself', async () => {
    const question = attention('a-1', 'unauthenticated', 'c-tasks', 'north-tasks', Date.now(), { message: 'the refresh token is spent' });
    const { person, fake } = await openWindow('/attention', { ...day(), attention: [question] });
    await person.click(await screen.findByRole('button', { name: /^(Answer|New secret|Sign in|Give)/ }));
    const dialog = await screen.findByRole('dialog', { name: 'north-tasks refused the sign-in' });
    expect(within(dialog).getByRole('button', { name: 'Save and go on' })).toBeDisabled();
    await person.click(within(dialog).getByRole('button', { name: 'Sign in…' }));
    await within(dialog).findByText('Waiting for the browser');
    act(() => fake.browser.comeBack());
    await within(dialog).findByText('Signed in');
    await person.click(within(dialog).getByRole('button', { name: 'Save and go on' }));
    await waitFor(() => expect(fake.answers).toEqual([{ id: 'a-1', answer: { answer: 'new-secrets', secrets: [], signedIn: 's-1' } }]));
  });
});
