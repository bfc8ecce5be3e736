import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it, vi } from 'vitest';
import { emptyDay } from '@/ipc/fake/data';
import { overwriteGetLocale } from '@/messages';
import { openWindow } from '@/test/open-window';

const cardOf = (name: string) => screen.findByRole('option', { name: new RegExp(name) });

describe('a card', () => {
  it('takes files of the operating system and sends them at once', async () => {
    const { fake } = await openWindow('/connections');
    const card = await cardOf('north-gmbh');
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(card.firstElementChild);
    act(() => fake.drag({ phase: 'over', x: 10, y: 10, count: 3 }));
    expect(await within(card).findByText('Drop 3 files into /')).toBeInTheDocument();
    act(() => fake.drag({ phase: 'drop', x: 10, y: 10, paths: ['/a/1.pdf', '/a/2.pdf', '/a/3.pdf'] }));
    await waitFor(() => expect(fake.sent[0]).toMatchObject({ connection: 'c-north', folder: '/', sources: ['/a/1.pdf', '/a/2.pdf', '/a/3.pdf'] }));
    expect(await screen.findByText('3 files or folders are on their way')).toBeInTheDocument();
  });

  it('sends into the folder that was chosen for its drops', async () => {
    const { person, fake } = await openWindow('/connections');
    const card = await cardOf('north-gmbh');
    await person.click(card);
    const folder = await screen.findByRole('textbox', { name: 'Drops go to' });
    await person.clear(folder);
    await person.type(folder, '/in');
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(card);
    act(() => fake.drag({ phase: 'drop', x: 10, y: 10, paths: ['/a/1.pdf'] }));
    await waitFor(() => expect(fake.sent[0]?.folder).toBe('/in'));
  });

  it('says that a drop was refused, and why', async () => {
    const { fake } = await openWindow('/connections');
    fake.refusals.set('send', { code: 'disk', message: 'no space left' });
    vi.spyOn(document, 'elementFromPoint').mockReturnValue(await cardOf('archive'));
    act(() => fake.drag({ phase: 'drop', x: 10, y: 10, paths: ['/a/1.pdf'] }));
    expect(await screen.findByText(/This computer's disk does not take it/)).toBeInTheDocument();
  });
});

describe('adding', () => {
  it('is drawn from the fields, tested at once, and asks before an unknown host key is trusted', async () => {
    const { person, fake } = await openWindow('/connections');
    await cardOf('north-gmbh');
    await person.keyboard('n');
    await person.click(await screen.findByRole('button', { name: /^SFTP/ }));
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    expect(screen.getByText('Give it a name.')).toBeInTheDocument();
    expect(screen.getAllByText('This is needed.')).toHaveLength(2);
    await person.type(screen.getByRole('textbox', { name: 'Name' }), 'court-2');
    await person.type(screen.getByRole('textbox', { name: 'Host' }), 'court.example');
    await person.type(screen.getByRole('textbox', { name: 'User' }), 'me');
    await person.type(document.querySelector<HTMLInputElement>('input[name=password]') as HTMLInputElement, 'canary');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    expect(await screen.findByText('court-2 shows a key that is not known yet')).toBeInTheDocument();

    await person.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Answer…' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Is this court-2?' });
    expect(dialog).toHaveTextContent('SHA256:Zx3bVn5mQ1wErTyUiOpAsDfGhJkLzXcVbNm7891234A');
    await person.click(within(dialog).getByRole('button', { name: 'Trust this key' }));
    await waitFor(() => expect(fake.answers[0]?.answer.answer).toBe('trust-host-key'));
    await person.click(await screen.findByRole('button', { name: 'Test' }));
    expect(await screen.findByText('Everything that the desk relies on works.')).toBeInTheDocument();
  });

  it('marks the field that Rust refuses', async () => {
    const { person, fake } = await openWindow('/connections', emptyDay());
    fake.refusals.set('addConnection', { code: 'settings', problems: [{ key: 'root', reason: 'has to be an absolute path' }] });
    await screen.findByText('No connection yet');
    await person.keyboard('n');
    await person.click(await screen.findByRole('button', { name: /^Folder/ }));
    await person.type(screen.getByRole('textbox', { name: 'Name' }), 'x');
    await person.type(screen.getByRole('textbox', { name: 'Folder' }), 'relative');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    expect(await screen.findByRole('textbox', { name: 'Folder' })).toHaveAccessibleDescription(/has to be an absolute path/);
  });
});

it('a secret that no vault takes asks for a passphrase, and the form is as it was', async () => {
  const { person, fake } = await openWindow('/connections', emptyDay());
  fake.refusals.set('addConnection', { code: 'vault', message: 'no Secret Service', needsPassphrase: true });
  await screen.findByText('No connection yet');
  await person.keyboard('n');
  await person.click(await screen.findByRole('button', { name: /^Folder/ }));
  await person.type(screen.getByRole('textbox', { name: 'Name' }), 'archive');
  await person.type(screen.getByRole('textbox', { name: 'Folder' }), '/mnt/archive');
  await person.click(screen.getByRole('button', { name: 'Add and test' }));
  await person.click(await screen.findByRole('button', { name: 'Give a passphrase…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Passphrase of the secrets' });
  await person.type(within(dialog).getByLabelText('Passphrase'), 'canary{Enter}');
  await waitFor(() => expect(fake.passphrases).toEqual(['canary']));
  await person.click(await screen.findByRole('button', { name: 'Add and test' }));
  expect(await screen.findByText('“archive” was added')).toBeInTheDocument();
});

it('a desk that cannot be opened says why, in place of an empty list', async () => {
  const { fake } = await openWindow('/transfers', emptyDay());
  fake.refusals.set('connections', { code: 'database', message: 'was written by a newer version' });
  screen.getByRole('link', { name: /Connections/ }).click();
  fake.raise({ id: 'a', kind: 'disk-full', connection: null, connectionName: null, transfer: null, run: null, raisedAt: 0, facts: [] });
  expect(await screen.findByText("The desk's own records cannot be read")).toBeInTheDocument();
});

describe('a test', () => {
  it('tells each step as it ends, and what the server said in its own words is folded', async () => {
    const { person, fake } = await openWindow('/connections');
    fake.stepByStep = true;
    await person.click(await cardOf('north-gmbh'));
    const side = await screen.findByRole('complementary');
    await person.click(within(side).getByRole('button', { name: /^Test/ }));
    const steps = await within(side).findByRole('list', { name: 'Test' });
    await waitFor(() => expect(within(steps).getAllByRole('listitem')).toHaveLength(2));
    expect(steps).toHaveTextContent(/Name found.*203\.0\.113\.24.*Testing/);
    act(() => fake.goOn());
    await waitFor(() => expect(steps).toHaveTextContent(/Sign in.*as waybill/));
    act(() => fake.goOn());
    await waitFor(() => expect(steps).toHaveTextContent('a folder that may be written to can be named as test_folder'));
    expect(within(steps).getByText('/ does not allow writing: Permission denied')).not.toBeVisible();
    act(() => fake.goOn());
    await waitFor(() => expect(within(steps).getAllByRole('listitem')).toHaveLength(3));
  });

  it('speaks the language of the reader', async () => {
    overwriteGetLocale(() => 'de');
    const { person } = await openWindow('/connections');
    await person.click(await cardOf('evidence-eu'));
    const side = await screen.findByRole('complementary');
    expect(side).toHaveTextContent('Dieser Server nimmt eine falsche SHA-256 klaglos an');
    await person.click(within(side).getByRole('button', { name: /^Testen/ }));
    const steps = await within(side).findByRole('list', { name: 'Test' });
    await waitFor(() => expect(steps).toHaveTextContent(/Angemeldet.*Falsche Prüfsumme abgelehnt.*sein Wort ist also kein Nachweis/));
  });
});

describe('a changed host key', () => {
  it('is replaced only with the fingerprint that the server shows, typed by the person', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('hm-court'));
    await person.click(await screen.findByRole('button', { name: 'Replace the pinned key…' }));
    const dialog = await screen.findByRole('alertdialog');
    const replace = within(dialog).getByRole('button', { name: 'Replace the key' });
    const field = within(dialog).getByRole('textbox');
    expect(replace).toBeDisabled();
    await person.type(field, 'SHA256:pW4fJq2mY8bN0cVtR6xK1sLzQ3eHuD5gAaTjI7oE9xQ');
    expect(dialog).toHaveTextContent('This is not the key that the server shows.');
    expect(replace).toBeDisabled();
    await person.clear(field);
    await person.type(field, 'SHA256:k0ZtWn5rC9vB2yXqM7dP4fGhS8jLuA1eTiO6aKcDb71');
    await person.click(replace);
    await waitFor(() => expect(fake.answers[0]?.answer.answer).toBe('replace-host-key'));
  });
});

it('a connection that transfers wait for is not removed', async () => {
  const { person, fake } = await openWindow('/connections');
  await person.click(await cardOf('evidence-eu'));
  await person.click(await screen.findByRole('button', { name: 'Remove…' }));
  const dialog = await screen.findByRole('alertdialog');
  expect(dialog).toHaveTextContent('2 transfers still wait for it.');
  expect(within(dialog).getByRole('button', { name: 'Remove' })).toBeDisabled();
  expect(fake.data.connections).toHaveLength(5);
});

it('a connection that nothing needs is removed', async () => {
  const { person } = await openWindow('/connections');
  await person.click(await cardOf('lab-intake'));
  await person.click(await screen.findByRole('button', { name: 'Remove…' }));
  await person.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Remove' }));
  await waitFor(() => expect(screen.queryByRole('option', { name: /lab-intake/ })).not.toBeInTheDocument());
});

it('axe finds nothing in the place with its side open', async () => {
  const { person } = await openWindow('/connections');
  await person.click(await cardOf('hm-court'));
  await screen.findByRole('complementary');
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
