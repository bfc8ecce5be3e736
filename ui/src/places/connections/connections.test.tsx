import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { busyDay, emptyDay, manyConnections, troubledConnections } from '@/ipc/fake/data';
import { overwriteGetLocale } from '@/messages';
import { openWindow } from '@/test/open-window';
import { forgetTests } from './test-runs';

afterEach(forgetTests);

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

    await person.click(await within(screen.getByRole('dialog')).findByRole('button', { name: 'Answer…' }));
    const dialog = await screen.findByRole('alertdialog', { name: 'Is this court-2?' });
    expect(dialog).toHaveTextContent('SHA256:Zx3bVn5mQ1wErTyUiOpAsDfGhJkLzXcVbNm7891234A');
    await person.click(within(dialog).getByRole('button', { name: 'Trust this key' }));
    await waitFor(() => expect(fake.answers[0]?.answer.answer).toBe('trust-host-key'));
    await person.click(await screen.findByRole('button', { name: 'Test' }));
    expect(await screen.findByText('It works, with the limits that the steps below name.')).toBeInTheDocument();
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
    await waitFor(() => expect(steps).toHaveTextContent(/^Name foundnow$/));
    act(() => fake.goOn());
    await waitFor(() => expect(steps).toHaveTextContent(/Name found.*203\.0\.113\.24.*Sign innow$/));
    act(() => fake.goOn());
    await waitFor(() => expect(steps).toHaveTextContent(/Sign in.*as waybill.*File writtennow$/));
    act(() => fake.goOn());
    await waitFor(() => expect(steps).toHaveTextContent('a folder that may be written to can be named as test_folder'));
    expect(within(steps).getByText('/ does not allow writing: Permission denied')).not.toBeVisible();
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

describe('removing', () => {
  it('says what hangs on it, and calls it off only where that is asked for', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('evidence-eu'));
    await person.keyboard('{Delete}');
    const dialog = await screen.findByRole('alertdialog');
    await within(dialog).findByText(/still need it/);
    expect(within(dialog).getByRole('list', { name: 'What hangs on it' })).toHaveTextContent(/run.*stay readable/);
    const remove = within(dialog).getByRole('button', { name: 'Remove' });
    expect(remove).toBeDisabled();
    await person.click(within(dialog).getByRole('checkbox', { name: 'Cancel these transfers' }));
    await person.click(remove);
    await waitFor(() => expect(fake.data.connections.map((one) => one.name)).not.toContain('evidence-eu'));
    expect(fake.data.transfers.some((one) => one.destination.connection === 'c-evidence' && one.state === 'transferring')).toBe(false);
  });

  it('can be taken back', async () => {
    const { person } = await openWindow('/connections');
    await person.click(await cardOf('lab-intake'));
    await person.keyboard('{Delete}');
    const dialog = await screen.findByRole('alertdialog');
    await waitFor(() => expect(within(dialog).getByRole('button', { name: 'Remove' })).toBeEnabled());
    await person.click(within(dialog).getByRole('button', { name: 'Remove' }));
    await waitFor(() => expect(screen.queryByRole('option', { name: /lab-intake/ })).not.toBeInTheDocument());
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await cardOf('lab-intake')).toBeInTheDocument();
  });
});

describe('changing', () => {
  it('keeps the secrets, says that the queue will lead elsewhere, and tests anew', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('hm-court'));
    await person.keyboard('e');
    const dialog = await screen.findByRole('dialog', { name: 'Change “hm-court”' });
    expect(within(dialog).getByRole('group', { name: 'Password' })).toHaveTextContent('Kept in the vault, never shown');
    const host = within(dialog).getByRole('textbox', { name: 'Host' });
    await person.clear(host);
    await person.type(host, 'new.hollis-marsh.example');
    expect(await within(dialog).findByText('Host: it will lead elsewhere')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('2 transfers in line go to the new place, not to the earlier one.');
    await person.click(within(dialog).getByRole('button', { name: 'Save and test' }));
    await waitFor(() => expect(fake.changes[0]?.change).toMatchObject({ name: 'hm-court', secrets: [], forget: [] }));
    expect(await screen.findByRole('dialog', { name: '“hm-court” was changed' })).toBeInTheDocument();
  });

  it('replaces or forgets a secret only where somebody says so', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('lab-intake'));
    await person.keyboard('e');
    const dialog = await screen.findByRole('dialog', { name: 'Change “lab-intake”' });
    const kept = () => within(dialog).getByRole('group', { name: 'Password' });
    await person.click(within(kept()).getByRole('button', { name: 'Forget' }));
    expect(kept()).toHaveTextContent('Will be forgotten when you save');
    await person.click(within(kept()).getByRole('button', { name: 'Keep the earlier one' }));
    await person.click(within(kept()).getByRole('button', { name: 'Replace…' }));
    await person.type(dialog.querySelector<HTMLInputElement>('input[name=password]') as HTMLInputElement, 'canary');
    await person.click(within(dialog).getByRole('button', { name: 'Save and test' }));
    await waitFor(() => expect(fake.changes[0]?.change.secrets).toEqual([{ key: 'password', value: 'canary' }]));
  });

  it('a new name alone is no reason for a test', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('archive'));
    await person.keyboard('{F2}');
    const dialog = await screen.findByRole('dialog', { name: 'Rename “archive”' });
    const name = within(dialog).getByRole('textbox', { name: 'Name' });
    await person.clear(name);
    await person.type(name, 'north-gmbh{Enter}');
    expect(await within(dialog).findByText(/Another connection is called so/)).toBeInTheDocument();
    await person.clear(name);
    await person.type(name, 'records{Enter}');
    expect(await cardOf('records')).toHaveTextContent(/well/);
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    expect(await cardOf('archive')).toBeInTheDocument();
    expect(fake.changes.at(-1)?.change.name).toBe('archive');
  });

  it('a duplicate takes the secrets along only where that is asked for', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('lab-intake'));
    await person.keyboard('d');
    const dialog = await screen.findByRole('dialog', { name: 'Duplicate “lab-intake”' });
    expect(within(dialog).getByRole('textbox', { name: 'Name' })).toHaveValue('lab-intake-2');
    await person.click(within(dialog).getByRole('checkbox', { name: 'Copy the secrets too' }));
    await person.click(within(dialog).getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added[0]).toMatchObject({ name: 'lab-intake-2', secretsOf: 'c-lab', secrets: [] }));
  });
});

describe('importing', () => {
  it('shows what would come, adds what is ticked under the name that was typed, and tests it', async () => {
    const { person, fake } = await openWindow('/connections');
    await cardOf('north-gmbh');
    await person.keyboard('i');
    const sources = await screen.findByRole('list', { name: 'Import connections' });
    await person.click(within(within(sources).getByRole('listitem', { name: 'OpenSSH hosts' })).getByRole('button', { name: 'Look' }));
    const found = await screen.findByRole('list', { name: 'What was found' });
    const ticked = () => within(found).getAllByRole('checkbox').filter((box) => (box as HTMLInputElement).checked).length;
    expect(ticked()).toBe(1);
    expect(within(found).getByRole('listitem', { name: 'north-gmbh' })).toHaveTextContent('Leads where “north-gmbh” leads already');
    expect(within(found).getByRole('listitem', { name: 'behind-gate' })).toHaveTextContent('Its ProxyCommand is not run');
    const bank = within(found).getByRole('listitem', { name: 'bank' });
    expect(bank).toHaveTextContent('SFTP, Host: bank, User: harbour, Port: 2222');
    const name = within(bank).getByRole('textbox', { name: 'Name here' });
    await person.clear(name);
    await person.type(name, 'house-bank');
    await person.click(screen.getByRole('button', { name: 'Add 1 and test' }));
    expect(await screen.findByRole('dialog', { name: '1 of 1 added' })).toBeInTheDocument();
    expect(fake.added.map((one) => one.name)).toEqual(['house-bank']);
    const result = await screen.findByRole('listitem', { name: 'house-bank' });
    await waitFor(() => expect(result).toHaveTextContent(/shows a key that is not known yet/));
    expect(await within(result).findByRole('button', { name: 'Answer…' })).toBeInTheDocument();
  });

  it('what cannot be added says why, and a refusal of one leaves the others', async () => {
    const { person, fake } = await openWindow('/connections', emptyDay());
    fake.picked = ['/mnt/usb/rclone.conf'];
    await screen.findByText('No connection yet');
    await person.keyboard('i');
    const sources = await screen.findByRole('list', { name: 'Import connections' });
    await person.click(within(within(sources).getByRole('listitem', { name: 'rclone remotes' })).getByRole('button', { name: 'Another file…' }));
    expect(await screen.findByText('/mnt/usb/rclone.conf')).toBeInTheDocument();
    const broken = screen.getByRole('listitem', { name: 'broken' });
    expect(broken).toHaveTextContent('Host: is needed');
    expect(within(broken).queryByRole('checkbox')).not.toBeInTheDocument();
    expect(screen.getByRole('listitem', { name: 'store' })).toHaveTextContent('Comes along into the vault: Secret access key');
    await person.click(screen.getByRole('button', { name: /1 entry is left out/ }));
    expect(screen.getByText('drive: there is no connector for the type drive')).toBeVisible();
    await fake.addConnection({ name: 'store', kind: 's3', settings: [], secrets: [], secretExpiresAt: null, secretsOf: null, signedIn: null });
    await person.click(screen.getByRole('button', { name: 'Add 2 and test' }));
    const refused = await screen.findByRole('listitem', { name: 'store' });
    expect(refused).toHaveTextContent(/not added/);
    expect(await screen.findByRole('dialog', { name: '1 of 2 added' })).toBeInTheDocument();
  });
});

describe('a pasted address', () => {
  it('finds its kind and fills the form, and a password in it is not taken', async () => {
    const { person, fake } = await openWindow('/connections', emptyDay());
    await screen.findByText('No connection yet');
    await person.keyboard('n');
    await person.click(await screen.findByRole('textbox', { name: 'Or paste an address' }));
    await person.paste('sftp://me:canary@files.example:2222/in');
    expect(await screen.findByText('This is SFTP, files.example, me.')).toBeInTheDocument();
    expect(screen.getByText(/The password in the address is not taken over/)).toBeInTheDocument();
    await person.keyboard('{Enter}');
    expect(await screen.findByRole('textbox', { name: 'Host' })).toHaveValue('files.example');
    expect(screen.getByRole('textbox', { name: 'Port' })).toHaveValue('2222');
    await person.type(screen.getByRole('textbox', { name: 'Name' }), 'partner');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added[0]?.settings).toContainEqual({ key: 'host', value: 'files.example' }));
    expect(JSON.stringify(fake.added)).not.toContain('canary');
  });
});

describe('a test that fails', () => {
  it('names the step, and the form is as it was when the settings are changed', async () => {
    const { person, fake } = await openWindow('/connections', emptyDay());
    fake.failing.set('c-new-1', {
      steps: [{ name: { code: 'bucket-found', parameters: [], text: 'Bucket found' }, outcome: 'failed', said: [], fact: null, technical: 'NoSuchBucket', milliseconds: 8 }],
      failure: { kind: 'not-found', side: 'destination', message: 'there is no such bucket', code: 'NoSuchBucket' },
    });
    await screen.findByText('No connection yet');
    await person.keyboard('n');
    await person.click(await screen.findByRole('button', { name: /^Amazon S3/ }));
    await person.type(screen.getByRole('textbox', { name: 'Name' }), 'evidence');
    await person.type(screen.getByRole('textbox', { name: 'Bucket' }), 'evidnce');
    await person.type(screen.getByLabelText(/^Secret access key/), 'canary');
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    expect(await screen.findByText('It stopped at the step “Bucket found”.')).toBeInTheDocument();
    expect(screen.getByText(/It is saved all the same/)).toBeInTheDocument();
    await person.click(screen.getByRole('button', { name: 'Change the settings' }));
    const bucket = await screen.findByRole('textbox', { name: 'Bucket' });
    expect(bucket).toHaveValue('evidnce');
    await person.clear(bucket);
    await person.type(bucket, 'evidence');
    fake.failing.clear();
    await person.click(screen.getByRole('button', { name: 'Save and test' }));
    await waitFor(() => expect(fake.changes[0]?.change.settings).toContainEqual({ key: 'bucket', value: 'evidence' }));
    expect(await screen.findByText('It works, with the limits that the steps below name.')).toBeInTheDocument();
    expect(fake.data.connections).toHaveLength(1);
  });
});

describe('many connections', () => {
  const day = () => ({ ...emptyDay(), connections: manyConnections(Date.now(), 200) });

  it('are found by a word, narrowed by state, and sorted by what needs a person', async () => {
    const { person } = await openWindow('/connections', day());
    expect(await screen.findAllByRole('option')).toHaveLength(200);
    await person.click(screen.getByRole('radio', { name: /Cannot be used/ }));
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(12));
    await person.click(screen.getByRole('radio', { name: /^All/ }));
    await person.click(screen.getByRole('button', { name: 'Name' }));
    await person.click(await screen.findByRole('menuitem', { name: 'What needs you first' }));
    await waitFor(() => expect(screen.getAllByRole('option')[0]).toHaveTextContent('answers too slowly'));
    await person.keyboard('/');
    await person.keyboard('site-19');
    await waitFor(() => expect(screen.getAllByRole('option')).toHaveLength(10));
  });

  it('several are tested with one key', async () => {
    const { person, fake } = await openWindow('/connections');
    await person.click(await cardOf('archive'));
    await person.keyboard('{Shift>}{ArrowRight}{/Shift}');
    expect(await screen.findByRole('button', { name: 'Test 2' })).toBeInTheDocument();
    const test = vi.spyOn(fake, 'testConnection');
    await person.keyboard('t');
    await waitFor(() => expect(test).toHaveBeenCalledTimes(2));
  });
});

it('what ends soon is said on the card and in the side, and what is over is red', async () => {
  const { person } = await openWindow('/connections', { ...busyDay(Date.now()), connections: troubledConnections(Date.now()) });
  const card = await cardOf('certified-partner');
  expect(card).toHaveTextContent(/ends soon.*The certificate ends in (4|5) days/);
  expect(await cardOf('old-partner')).toHaveTextContent(/secret over/);
  await person.click(card);
  expect(await screen.findByRole('complementary')).toHaveTextContent('Whoever issued it can renew it.');
});

it('a name with a mark that turns the writing is shown and not obeyed', async () => {
  await openWindow('/connections', { ...busyDay(Date.now()), connections: troubledConnections(Date.now()) });
  expect(await screen.findByText(/⟨202E⟩exe\.fdp/)).toBeInTheDocument();
});

it('the side says in plain words what it can do, and what not', async () => {
  const { person } = await openWindow('/connections');
  await person.click(await cardOf('north-gmbh'));
  const side = await screen.findByRole('complementary');
  expect(await within(side).findByText('goes on with an upload that broke off')).toBeInTheDocument();
  expect(within(side).getByText('keeps no earlier versions: what is overwritten is gone')).toBeInTheDocument();
});

it('axe finds nothing in the place with its side open', async () => {
  const { person } = await openWindow('/connections');
  await person.click(await cardOf('hm-court'));
  await screen.findByRole('complementary');
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`)).toEqual([]);
});
