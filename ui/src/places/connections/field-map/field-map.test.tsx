import { screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { describe, expect, it } from 'vitest';
import { emptyDay } from '@/ipc/fake/data';
import { manySpecs } from '@/ipc/fake/specs';
import { openWindow } from '@/test/open-window';

const SAMPLE = '{"data": {"order": 4711, "due": "31.01.2026", "tags": "b; c"}}';

async function openForm() {
  const { person, fake } = await openWindow('/connections', emptyDay(), (fresh) => {
    fresh.specs = manySpecs;
  });
  await screen.findByText('No connection yet');
  await person.keyboard('n');
  await person.click(await screen.findByRole('button', { name: /^XConnector/ }));
  await person.type(screen.getByRole('textbox', { name: 'Name' }), 'partner');
  await person.click(screen.getByRole('button', { name: 'More settings' }));
  return { person, fake };
}

async function openMap(label: string) {
  const { person, fake } = await openForm();
  await person.click(within(screen.getByRole('group', { name: label })).getByRole('button', { name: 'Edit the rows…' }));
  const dialog = await screen.findByRole('dialog', { name: label });
  const row = (number: number) => within(dialog).getByRole('group', { name: new RegExp(`^Row ${number}`) });
  const paste = async (name: RegExp, text: string) => {
    await person.click(within(dialog).getByRole('textbox', { name }));
    await person.paste(text);
  };
  return { person, fake, dialog, row, paste };
}

describe('the rows of a field map', () => {
  it('take their places from the sample, show what each makes, and are sent as JSON with the sample', async () => {
    const { person, fake, dialog, row, paste } = await openMap('Field map of what comes');
    await paste(/^Sample/, SAMPLE);
    await person.click(within(dialog).getByRole('button', { name: 'Add a row' }));
    expect(within(row(1)).getByRole('textbox', { name: 'Field' })).toHaveFocus();
    await person.keyboard('order');
    await person.click(within(row(1)).getByRole('button', { name: 'Places of the sample Place' }));
    const places = await screen.findAllByRole('option');
    expect(places.map((one) => one.textContent)).toEqual(['/data/order4711', '/data/due"31.01.2026"', '/data/tags"b; c"']);
    await person.click(places[0] as HTMLElement);
    expect(await within(row(1)).findByText('"4711"')).toBeInTheDocument();
    expect(await within(dialog).findByText('The sample fits.')).toBeInTheDocument();

    await person.click(within(dialog).getByRole('button', { name: 'Done' }));
    expect(screen.getByText('1 row: order')).toBeInTheDocument();
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added).toHaveLength(1));
    const settings = Object.fromEntries(fake.added[0]?.settings.map(({ key, value }) => [key, value]) ?? []);
    expect(JSON.parse(settings.in_map ?? '')).toEqual([{ target: 'order', pointer: '/data/order' }]);
    expect(settings.sample).toBe(SAMPLE);
  });

  it('say at the row what does not fit, as it is typed', async () => {
    const { person, dialog, row, paste } = await openMap('Field map of what comes');
    await paste(/^Sample/, SAMPLE);
    await person.click(within(dialog).getByRole('button', { name: 'Add a row' }));
    await person.keyboard('due');
    await person.type(within(row(1)).getByRole('combobox', { name: 'Place' }), '/data/nothing');
    expect(await within(row(1)).findByText('nothing')).toBeInTheDocument();
    await person.click(within(row(1)).getByRole('checkbox', { name: 'Required' }));
    expect(await within(row(1)).findByText('Row 1 (due): nothing is at /data/nothing, and it is required.')).toBeInTheDocument();
    expect(row(1)).toHaveAccessibleDescription(/nothing is at/);
    expect(within(dialog).getByText('1 thing does not fit.')).toBeInTheDocument();
  });

  it('are moved by keyboard, and what had the focus keeps it', async () => {
    const { person, dialog, row } = await openMap('Field map of what goes out');
    for (const name of ['first', 'second']) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other, as a person does
      await person.click(within(dialog).getByRole('button', { name: 'Add a row' }));
      // oxlint-disable-next-line no-await-in-loop
      await person.keyboard(name);
    }
    await person.keyboard('{Alt>}{ArrowUp}{/Alt}');
    expect(within(row(1)).getByRole('textbox', { name: 'Field' })).toHaveValue('second');
    expect(within(row(1)).getByRole('textbox', { name: 'Field' })).toHaveFocus();
    await person.click(within(row(1)).getByRole('button', { name: 'Move row 1 down' }));
    expect(within(row(2)).getByRole('textbox', { name: 'Field' })).toHaveValue('second');
    await person.click(within(row(2)).getByRole('button', { name: 'Remove row 2' }));
    await person.click(within(row(1)).getByRole('button', { name: 'Remove row 1' }));
    expect(within(dialog).getByText('No rows yet')).toBeInTheDocument();
    expect(within(dialog).getByRole('button', { name: 'Add a row' })).toHaveFocus();
  });

  it('come from a map that is pasted as text, and one that is none says so in words', async () => {
    const { person, dialog, row, paste } = await openMap('Field map of what goes out');
    await person.click(within(dialog).getByRole('radio', { name: 'JSON' }));
    await paste(/^The map as JSON/, '{"target": "a"}');
    expect(await within(dialog).findByText('It is no list of rows.')).toBeInTheDocument();
    expect(within(dialog).getByRole('radio', { name: 'Rows' })).toBeDisabled();
    await person.clear(within(dialog).getByRole('textbox', { name: /^The map as JSON/ }));
    await paste(/^The map as JSON/, '[{"target": "a", "template": "{/x}!", "type": "list", "separator": ";"}]');
    await person.click(within(dialog).getByRole('radio', { name: 'Rows' }));
    expect(within(row(1)).getByRole('textbox', { name: 'Template' })).toHaveValue('{/x}!');
    expect(within(row(1)).getByRole('textbox', { name: 'Cut at' })).toHaveValue(';');
  });

  it('a sample that is no JSON is said beside it, and one that is not kept is not sent', async () => {
    const { person, fake, dialog, paste } = await openMap('Field map of what goes out');
    await paste(/^Sample/, '{"data":');
    expect(await within(dialog).findByText(/^The sample is no JSON/)).toBeInTheDocument();
    await person.click(within(dialog).getByRole('button', { name: 'Done' }));
    await person.click(screen.getByRole('button', { name: 'Add and test' }));
    await waitFor(() => expect(fake.added).toHaveLength(1));
    expect(fake.added[0]?.settings).toEqual([]);
  });

  it('axe finds nothing', async () => {
    const { person, dialog, paste } = await openMap('Field map of what comes');
    await paste(/^Sample/, SAMPLE);
    await person.click(within(dialog).getByRole('radio', { name: 'JSON' }));
    await paste(/^The map as JSON/, '[{"target": "d", "pointer": "/data/due", "type": "date"}, {"target": "n", "template": "{/x}", "type": "number"}, {"constant": 1}]');
    await person.click(within(dialog).getByRole('radio', { name: 'Rows' }));
    await within(dialog).findByText(/do(es)? not fit/);
    const { violations } = await axe.run(dialog, { rules: { 'color-contrast': { enabled: false } } });
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
  });
});
