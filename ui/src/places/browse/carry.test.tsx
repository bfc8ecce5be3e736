// What is carried: by keys over the clipboard, by the picker, and by dragging.
import { act, screen, waitFor, within } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeEntry } from '@/ipc/fake/folders';
import { openWindow } from '@/test/open-window';
import { hold } from './clipboard';
import { tabs } from './tabs-state';

const TERMS = '/home/records/Terms.pdf';

const rowOf = (name: string | RegExp) => screen.findByRole('row', { name: new RegExp(name) });

beforeEach(() => {
  tabs.restart();
  hold(null);
});

describe('the clipboard and the picker', () => {
  it('copies between tabs by Ctrl C and Ctrl V as a run, and a cut asks before the source is to go', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}c{/Control}');
    act(() => tabs.open({ at: 'c-north', path: '/in' }));
    await rowOf('order-77120');
    await person.keyboard('{Control>}v{/Control}');
    await waitFor(() => expect(fake.folders.copies).toHaveLength(1));
    const sources = [{ connection: 'c-evidence', path: '/intake/scan-0001.pdf' }];
    const to = { connection: 'c-north', path: '/in' };
    expect(fake.folders.copies[0]).toEqual({ sources, to, conflict: 'ask', proof: 'matched', thenDelete: false, forms: [] });
    await person.click(await rowOf('order-77120'));
    await person.keyboard('{Control>}x{/Control}');
    act(() => tabs.go({ at: 'c-north', path: '/out' }));
    await rowOf('done');
    await person.keyboard('{Control>}v{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Move 1 entry' });
    expect(dialog).toHaveTextContent('only once its copy there is matched');
    expect(fake.folders.copies).toHaveLength(1);
    await person.click(within(dialog).getByRole('button', { name: 'Move' }));
    await waitFor(() => expect(fake.folders.copies[1]).toMatchObject({ thenDelete: true, to: { path: '/out' } }));
  });

  it('pasted files of the operating system go into the open folder', async () => {
    const { fake, person } = await openWindow('/browse?at=c-north&path=/in', undefined, (one) => {
      one.system.pasted = { paths: [TERMS, '/home/records/Matter 2291'], elsewhere: 1, loose: null };
    });
    await rowOf('order-77120');
    await person.keyboard('{Control>}v{/Control}');
    await waitFor(() => expect(fake.folders.copies).toHaveLength(1));
    expect(fake.folders.copies[0]).toEqual({
      sources: [{ connection: null, path: TERMS }, { connection: null, path: '/home/records/Matter 2291' }],
      to: { connection: 'c-north', path: '/in' },
      conflict: 'ask',
      proof: 'matched',
      thenDelete: false,
      forms: [],
    });
    expect(await screen.findByText(/1 of the copied files is not on this computer/)).toBeInTheDocument();
    expect(screen.queryByRole('dialog')).not.toBeInTheDocument();
  });

  it('files that were copied elsewhere after an entry was copied here are the ones that are pasted', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}c{/Control}');
    expect(await navigator.clipboard.readText()).toBe('evidence-eu:/intake/scan-0001.pdf');
    fake.system.pasted = { paths: [TERMS], elsewhere: 0, loose: null };
    await person.keyboard('{Control>}v{/Control}');
    await waitFor(() => expect(fake.folders.copies[0]?.sources).toEqual([{ connection: null, path: TERMS }]));
  });

  it('files of this computer that are held and lie on its clipboard as well are what was cut', async () => {
    const { fake, person } = await openWindow('/browse?at=this-computer&path=/home/records/Documents');
    await person.click(await rowOf('Price list'));
    await person.keyboard('{Control>}x{/Control}');
    const path = await navigator.clipboard.readText();
    fake.system.pasted = { paths: [path], elsewhere: 0, loose: null };
    act(() => tabs.go({ at: 'c-north', path: '/out' }));
    await rowOf('done');
    await person.keyboard('{Control>}v{/Control}');
    expect(await screen.findByRole('dialog', { name: 'Move 1 entry' })).toBeInTheDocument();
    expect(fake.folders.copies).toEqual([]);
  });

  it('where the operating system took no paths, what was copied here is pasted whatever lies on its clipboard', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake', undefined, (one) => {
      one.system.pasted = { paths: [TERMS], elsewhere: 0, loose: null };
    });
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('not allowed'));
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}c{/Control}');
    await person.keyboard('{Control>}v{/Control}');
    await waitFor(() => expect(fake.folders.copies[0]?.sources).toEqual([{ connection: 'c-evidence', path: '/intake/scan-0001.pdf' }]));
  });

  it('a pasted picture is shown before it goes into the open folder', async () => {
    const { fake, person } = await openWindow('/browse?at=c-north&path=/in', undefined, (one) => {
      one.system.pasted = { paths: [], elsewhere: 0, loose: { id: '7', name: 'Pasted picture.png', bytes: 5000 } };
    });
    await rowOf('order-77120');
    await person.keyboard('{Control>}v{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Send files' });
    expect(within(dialog).getByRole('textbox', { name: /Folder there/ })).toHaveValue('/in');
    expect(fake.system.kept).toEqual([]);
    await person.click(within(dialog).getByRole('button', { name: 'Send' }));
    await waitFor(() => expect(fake.sent[0]).toMatchObject({ connection: 'c-north', folder: '/in' }));
  });

  it('copies to a place that is chosen by keyboard', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}{Shift>}c{/Shift}{/Control}');
    const dialog = await screen.findByRole('dialog', { name: 'Copy 1 entry' });
    const path = within(dialog).getByRole('textbox', { name: 'Path' });
    await person.clear(path);
    await person.type(path, 'done');
    await person.click(within(dialog).getByRole('button', { name: 'Copy' }));
    await waitFor(() => expect(fake.folders.copies[0]?.to).toEqual({ connection: 'c-evidence', path: '/done' }));
  });

  it('downloads into a folder that is picked, and uploads what is picked', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    fake.picked = ['/home/records/Downloads'];
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}d{/Control}');
    await waitFor(() => expect(fake.folders.copies[0]?.to).toEqual({ connection: null, path: '/home/records/Downloads' }));
    fake.picked = ['/home/records/Terms.pdf'];
    await person.keyboard('{Control>}u{/Control}');
    await waitFor(() => expect(fake.folders.copies[1]).toMatchObject({ sources: [{ connection: null, path: '/home/records/Terms.pdf' }], to: { connection: 'c-evidence', path: '/intake' } }));
  });
});

describe('dragging', () => {
  const point = (type: string, x: number, y: number) => new MouseEvent(type, { bubbles: true, button: 0, clientX: x, clientY: y });

  it('a row let go over a folder is copied there, and Escape calls it off', async () => {
    const { fake } = await openWindow('/browse?at=c-archive&path=/2027');
    const [from, to] = [await rowOf('Claim.pdf'), within(screen.getByRole('grid')).getByRole('row', { name: /Exhibits/ })];
    document.elementFromPoint = () => to;
    const drag = () => {
      act(() => void from.dispatchEvent(point('pointerdown', 10, 10)));
      act(() => void window.dispatchEvent(point('pointermove', 40, 90)));
    };
    drag();
    expect(screen.getByText('Copy to archive:/2027/Exhibits')).toBeInTheDocument();
    act(() => void from.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true })));
    expect(screen.queryByText('Copy to archive:/2027/Exhibits')).not.toBeInTheDocument();
    act(() => void window.dispatchEvent(point('pointerup', 40, 90)));
    expect(fake.folders.copies).toEqual([]);
    drag();
    act(() => void window.dispatchEvent(point('pointerup', 40, 90)));
    await waitFor(() => expect(fake.folders.copies[0]).toMatchObject({ sources: [{ connection: 'c-archive', path: '/2027/Claim.pdf' }], to: { connection: 'c-archive', path: '/2027/Exhibits' } }));
  });

  it('files of the operating system go into the folder that they are dropped on', async () => {
    const { fake } = await openWindow('/browse?at=c-archive&path=/2027');
    await rowOf('Claim.pdf');
    const folder = within(screen.getByRole('grid')).getByRole('row', { name: /Exhibits/ });
    document.elementFromPoint = () => folder;
    act(() => fake.drag({ phase: 'over', x: 1, y: 1, count: 2 }));
    expect(screen.getByText('2 files go to archive:/2027/Exhibits')).toBeInTheDocument();
    expect(folder).toHaveAttribute('data-drop-over');
    expect(folder).toHaveAttribute('data-drop-over');
    act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: ['/tmp/a', '/tmp/b'] }));
    await waitFor(() => expect(fake.folders.copies[0]).toMatchObject({ sources: [{ connection: null, path: '/tmp/a' }, { connection: null, path: '/tmp/b' }], to: { connection: 'c-archive', path: '/2027/Exhibits' } }));
    expect(folder).not.toHaveAttribute('data-drop-over');
  });

  it('what was dropped on the open folder is listed once its run is through', async () => {
    const { fake } = await openWindow('/browse?at=c-archive&path=/2027');
    const row = await rowOf('Claim.pdf');
    document.elementFromPoint = () => row;
    act(() => fake.drag({ phase: 'drop', x: 1, y: 1, paths: [TERMS] }));
    await waitFor(() => expect(fake.folders.copies[0]?.to.path).toBe('/2027'));
    const [run] = fake.data.runs;
    if (!run) throw new Error('a day has runs');
    fake.folders.tree('c-archive').get('/2027')?.push(fakeEntry('/2027', 'Terms.pdf'));
    fake.data.runs = [{ ...run, id: 'r-copy-1', counting: false, files: 1, done: 1, failed: 0 }, ...fake.data.runs];
    act(() => fake.topics.tell(['runs']));
    expect(await rowOf('Terms.pdf')).toBeInTheDocument();
  });
});
