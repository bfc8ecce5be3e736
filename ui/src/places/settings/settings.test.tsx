import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { busyDay } from '@/ipc/fake/data';
import type { FakeIpc } from '@/ipc/fake/fake-ipc';
import { openWindow } from '@/test/open-window';
import { readMinute, showMinute } from './clock';
import { find } from './sections';

const open = (prepare?: (fake: FakeIpc) => void) => openWindow('/settings', busyDay(Date.now()), prepare);

async function go(person: Awaited<ReturnType<typeof open>>['person'], name: string) {
  await person.click(await screen.findByRole('option', { name }));
  return screen.findByRole('region', { name });
}

describe('settings', () => {
  it('holds a change at once and takes it back by the notice', async () => {
    const { fake, person } = await open();
    await person.click(await screen.findByRole('switch', { name: 'Limit the bandwidth' }));
    await waitFor(() => expect(fake.kept.now.limits.bytesPerSecond).toBe(5_000_000));
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    await waitFor(() => expect(fake.kept.now.limits.bytesPerSecond).toBeNull());
  });

  it('lists the work of others, found by name and licence, with its text', async () => {
    const { person } = await open();
    const about = await go(person, 'About');
    const list = await within(about).findByRole('list', { name: 'Made with the work of others' });
    expect(within(list).getAllByRole('listitem').length).toBeGreaterThan(300);
    await person.type(within(about).getByRole('searchbox', { name: 'Find a package or a licence' }), 'rusqlite mit');
    await waitFor(() => expect(within(list).getAllByRole('listitem').map((one) => one.textContent)).toEqual(expect.arrayContaining([expect.stringMatching(/^rusqlite\d/)])));
    const [line] = within(list).getAllByText('rusqlite');
    await person.click(line as HTMLElement);
    expect(await within(list).findByText(/Permission is hereby granted/)).toBeVisible();
  });

  it('shows the folder of the home in the file manager', async () => {
    const { fake, person } = await open();
    const data = await go(person, 'Data');
    await person.click(await within(data).findByRole('button', { name: 'Show in the file manager' }));
    expect(fake.kept.shown).toBe(1);
  });

  it('keeps a typed limit in the unit that was chosen', async () => {
    const { fake, person } = await open((desk) => {
      desk.kept.now.limits.bytesPerSecond = 5_000_000;
    });
    const block = await screen.findByRole('region', { name: 'Bandwidth' });
    await person.click(within(block).getByRole('button', { name: /Unit/ }));
    await person.click(await screen.findByRole('option', { name: 'kB/s' }));
    await waitFor(() => expect(fake.kept.now.limits.bytesPerSecond).toBe(10_000));
    const field = await within(block).findByRole('textbox', { name: 'At most' });
    await person.clear(field);
    await person.type(field, '250{Enter}');
    await waitFor(() => expect(fake.kept.now.limits.bytesPerSecond).toBe(250_000));
  });

  it('begins a timetable with the office hours, by keyboard, and says when a slot goes over midnight', async () => {
    const { fake, person } = await open();
    (await screen.findByRole('switch', { name: 'Use the timetable' })).focus();
    await person.keyboard(' ');
    const line = await screen.findByRole('group', { name: 'Line 1 of the timetable' });
    expect(fake.kept.now.limits.timetable.slots[0]?.hours).toEqual({ from: 480, to: 1080 });
    const to = within(line).getByRole('textbox', { name: 'To' });
    await person.clear(to);
    await person.type(to, '25:00{Enter}');
    expect(await within(line).findByText('A time such as 8:30')).toBeVisible();
    await person.clear(to);
    await person.type(to, '6{Enter}');
    await waitFor(() => expect(fake.kept.now.limits.timetable.slots[0]?.hours).toEqual({ from: 480, to: 360 }));
    expect(await screen.findByText('over midnight, local time')).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'Sat' }));
    await waitFor(() => expect(fake.kept.now.limits.timetable.slots[0]?.days).toContain('saturday'));
    await person.click(screen.getByRole('button', { name: 'Remove line 1' }));
    await waitFor(() => expect(fake.kept.now.limits.timetable.slots).toEqual([]));
  });

  it('sets a limit for a while, says why it holds, and ends it', async () => {
    const { fake, person } = await open();
    await person.click(await screen.findByRole('button', { name: 'Set for a while' }));
    await waitFor(() => expect(fake.kept.forNow?.bytesPerSecond).toBe(1_000_000));
    expect(await screen.findByText(/for a while, until/)).toBeVisible();
    await person.click(screen.getByRole('button', { name: 'End it now' }));
    await waitFor(() => expect(fake.kept.forNow).toBeNull());
  });

  it('says beside the field what is wrong with the network, and keeps nothing of it', async () => {
    const { fake, person } = await open();
    const region = await go(person, 'Network');
    await person.click(within(region).getByRole('radio', { name: 'This one' }));
    await person.type(within(region).getByRole('textbox', { name: 'Address' }), 'socks5://proxy');
    await person.type(within(region).getByRole('textbox', { name: 'File' }), '/etc/wrong.txt{Enter}');
    expect(await within(region).findByText(/has to name a host and a port/)).toBeVisible();
    expect(within(region).getByText('There is no certificate in PEM form in the file.')).toBeVisible();
    expect(fake.kept.now.network.proxy).toBe('system');
  });

  it('takes a SOCKS5 proxy in the field that takes the others', async () => {
    const { fake, person } = await open();
    const region = await go(person, 'Network');
    await person.click(within(region).getByRole('radio', { name: 'This one' }));
    expect(within(region).getByRole('textbox', { name: 'Address' })).toHaveAccessibleDescription(/http:\/\/ or socks5:\/\//);
    await person.type(within(region).getByRole('textbox', { name: 'Address' }), 'socks5://proxy:1080{Enter}');
    await waitFor(() => expect(fake.kept.now.network.url).toBe('socks5://proxy:1080'));
  });

  it('hands the password of a proxy over once and shows afterwards only that there is one', async () => {
    const { fake, person } = await open();
    const region = await go(person, 'Network');
    await person.click(within(region).getByRole('radio', { name: 'This one' }));
    await person.type(within(region).getByRole('textbox', { name: 'Address' }), 'http://proxy:8080');
    await person.type(within(region).getByLabelText('Password'), 'hunter2{Enter}');
    await waitFor(() => expect(fake.kept.networks.map((one) => one.password)).toEqual(['hunter2']));
    expect(await within(region).findByText(/One is kept in the vault/)).toBeVisible();
    expect(within(region).getByLabelText('Password')).toHaveValue('');
  });

  it('moves all secrets only after a last question', async () => {
    const { fake, person } = await open((desk) => {
      desk.kept.vaults = desk.kept.vaults.map((vault) => (vault.kind === 'file' ? { ...vault, open: true, trouble: null } : vault));
    });
    const region = await go(person, 'Secrets');
    await person.click(await within(region).findByRole('button', { name: 'Move all secrets here…' }));
    const question = await screen.findByRole('alertdialog');
    await person.click(within(question).getByRole('button', { name: 'Move 4 secrets' }));
    await waitFor(() => expect(fake.kept.vaults.map((vault) => vault.secrets)).toEqual([0, 4]));
  });

  it('changes the passphrase only where both new ones are the same and long enough', async () => {
    const { fake, person } = await open((desk) => {
      desk.kept.vaults = desk.kept.vaults.map((vault) => (vault.kind === 'file' ? { ...vault, open: true, exists: true, trouble: null } : vault));
    });
    const region = await go(person, 'Secrets');
    await person.type(await within(region).findByLabelText('Present passphrase'), 'four words are long');
    await person.type(within(region).getByLabelText('New passphrase'), 'short');
    expect(await within(region).findByText('It needs at least 10 characters.')).toBeVisible();
    await person.type(within(region).getByLabelText('New passphrase'), ' but longer');
    await person.type(within(region).getByLabelText('Once more'), 'short but longer');
    await person.click(within(region).getByRole('button', { name: 'Change it' }));
    await waitFor(() => expect(fake.kept.passphrase).toBe('short but longer'));
  });

  it('says what a check of the database found', async () => {
    const { fake, person } = await open();
    const region = await go(person, 'Data');
    await person.click(await within(region).findByRole('button', { name: 'Check the database' }));
    expect(await within(region).findByText(/nothing is wrong with it/)).toBeVisible();
    fake.kept.damage = ['row 7 missing from index'];
    await person.click(within(region).getByRole('button', { name: 'Check the database' }));
    expect(await within(region).findByText('row 7 missing from index')).toBeVisible();
  });

  it('saves a description only after it was shown', async () => {
    const { person } = await open();
    const region = await go(person, 'Help from others');
    expect(within(region).getByRole('button', { name: 'Save as a file…' })).toBeDisabled();
    await person.click(within(region).getByRole('button', { name: 'Describe this desk' }));
    expect(await within(region).findByText(/waybill-desktop 0.1.0/)).toBeVisible();
    await person.click(within(region).getByRole('button', { name: 'Save as a file…' }));
    expect(await screen.findByText('Saved as /home/records/waybill-diagnostics.tar')).toBeVisible();
  });

  it('speaks another language at once', async () => {
    const { fake, person } = await open();
    await go(person, 'Language and looks');
    await fake.setAppearance({ ...fake.kept.now.appearance, language: 'german', theme: 'dark', still: true });
    expect(await screen.findByRole('option', { name: 'Sprache und Aussehen' })).toBeVisible();
    expect(document.documentElement.style.colorScheme).toBe('dark');
    expect(document.documentElement).toHaveAttribute('data-still');
    await fake.setAppearance({ ...fake.kept.now.appearance, language: 'english', theme: 'system', still: false });
    expect(await screen.findByRole('option', { name: 'Language and looks' })).toBeVisible();
  });

  it('marks a section that could not be read until something in it is saved', async () => {
    const { person } = await open((desk) => {
      desk.kept.now.strange = [{ section: 'limits', reason: { code: 'setting-unreadable', parameters: [], text: 'what is kept for it cannot be read' } }];
    });
    expect(await screen.findByText('What was kept here does not count')).toBeVisible();
    await person.click(await screen.findByRole('switch', { name: 'Limit the bandwidth' }));
    await waitFor(() => expect(screen.queryByText('What was kept here does not count')).not.toBeInTheDocument());
  });

  it('finds a setting by the words of its fields', async () => {
    const { person } = await open();
    await screen.findByRole('option', { name: 'Limits' });
    await person.keyboard('/');
    await person.keyboard('certific');
    await waitFor(() => expect(screen.getAllByRole('option').map((one) => one.textContent)).toEqual(['NetworkCertificates of your own']));
    expect(find('no such thing')).toEqual([]);
  });

  it('refuses an operator without a name and takes the name of the system back', async () => {
    const { fake, person } = await open();
    const region = await go(person, 'Operator');
    const field = within(region).getByRole('textbox', { name: 'Name' });
    await person.clear(field);
    await person.keyboard('{Enter}');
    expect(await within(region).findByText('A name has to stand here.')).toBeVisible();
    await person.type(field, 'Ada{Enter}');
    await waitFor(() => expect(fake.kept.now.operator.chosen).toBe('Ada'));
    await person.click(await within(region).findByRole('button', { name: 'Use the system\'s name' }));
    await waitFor(() => expect(fake.kept.now.operator.chosen).toBeNull());
  });
});

describe('times of a day', () => {
  it('are read as people type them and shown with two digits', () => {
    expect(['8', '08:30', '8.30', '24:00', '7 Uhr', '0'].map(readMinute)).toEqual([480, 510, 510, 1440, 420, 0]);
    expect(['25', '24:01', '8:75', 'noon', ''].map(readMinute)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect([0, 510, 1440].map(showMinute)).toEqual(['00:00', '08:30', '24:00']);
  });
});
