import { act, screen, waitFor, within } from '@testing-library/react';
import axe from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { openWindow } from '@/test/open-window';
import { hold } from './clipboard';
import { dismissRemoval } from './removals';
import { tabs } from './tabs-state';

const rowOf = (name: string | RegExp) => screen.findByRole('row', { name: new RegExp(name) });
const names = () =>
  within(screen.getByRole('grid'))
    .getAllByRole('row')
    .slice(1)
    .map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);
const state = () => screen.getByText(/(entries|entry|loading…)( |$)/, { selector: '[role=status]' });
const crumbs = () => screen.getByRole('navigation', { name: 'Path' });

beforeEach(() => {
  tabs.restart();
  hold(null);
  for (let id = 0; id < 30; id += 1) dismissRemoval(id);
});

describe('the list', () => {
  it('shows folders first, numbers by their value, and the side follows', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/2027/Exhibits');
    await rowOf('Exhibit 10');
    expect(names()).toEqual(['Exhibit 1.pdf', 'Exhibit 2.pdf', 'Exhibit 10.pdf', 'Site camera 04.mov']);
    await person.click(await rowOf('Exhibit 2'));
    expect(await screen.findByRole('complementary', { name: 'The chosen entry' })).toHaveTextContent('Exhibit 2.pdf');
  });

  it('a folder that is left while it loads asks for nothing more', async () => {
    const { fake, person } = await openWindow('/browse?at=c-archive&path=/2027', undefined, (one) => {
      one.folders.crowd('c-archive', '/2027', 5000);
      one.folders.holds = true;
    });
    await rowOf('page-000001');
    expect(state()).toHaveTextContent('1,000 so far, still loading');
    await person.click(screen.getByRole('link', { name: /Transfers/ }));
    await waitFor(() => expect(fake.folders.open).toBe(0));
  });

  it('a hundred thousand are drawn as far as they are seen, and found while they load', async () => {
    const { fake, person } = await openWindow('/browse?at=c-archive&path=/2027', undefined, (one) => {
      one.folders.crowd('c-archive', '/2027', 100_000);
      one.folders.holds = true;
    });
    await rowOf('page-000001');
    await person.keyboard('/');
    await person.keyboard('000777');
    await rowOf('page-000777');
    expect(state()).toHaveTextContent('1 of 1,000 entries · still loading…');
    fake.folders.holds = false;
    act(() => fake.folders.goOn());
    await waitFor(() => expect(state()).toHaveTextContent('1 of 100,000 entries'), { timeout: 20_000 });
    await person.keyboard('{Escape}');
    await waitFor(() => expect(state()).toHaveTextContent('100,000 entries'));
    expect(within(screen.getByRole('grid')).getAllByRole('row').length).toBeLessThan(80);
  }, 40_000);

  it('names that nobody likes are shown and not obeyed', async () => {
    await openWindow('/browse?at=c-evidence&path=/names');
    expect(await rowOf('Invoice ⟨202E⟩fdp.exe')).toBeInTheDocument();
    expect(await rowOf('two␊lines')).toBeInTheDocument();
    expect(within(await rowOf('caf')).getByText('cannot be named')).toBeInTheDocument();
    expect(within(await rowOf('printer.socket')).getByText('no file')).toBeInTheDocument();
  });

  it('what cannot be named can be chosen, and nothing is done with it', async () => {
    const { person } = await openWindow('/browse?at=c-evidence&path=/names');
    await person.click(await rowOf('caf'));
    await person.keyboard('{Delete}{F2}');
    expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument();
    expect(screen.queryByLabelText('New name')).not.toBeInTheDocument();
  });
});

describe('the way', () => {
  it('goes in, up and back by keys, and chooses where one came from', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/2027');
    await person.click(await rowOf('Exhibits'));
    await person.keyboard('{Enter}');
    await rowOf('Exhibit 1.pdf');
    await person.keyboard('{Backspace}');
    expect(await rowOf('Exhibits')).toHaveAttribute('aria-selected', 'true');
    await person.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    await rowOf('Exhibit 1.pdf');
    await person.keyboard('{Alt>}{ArrowLeft}{/Alt}');
    expect(await rowOf('Exhibits')).toBeInTheDocument();
    await person.keyboard('{Alt>}{ArrowRight}{/Alt}');
    expect(await rowOf('Exhibit 1.pdf')).toBeInTheDocument();
  });

  it('a path is typed after Ctrl L; a file opens its folder and is chosen', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/');
    await rowOf('2027');
    await person.keyboard('{Control>}l{/Control}');
    const line = await screen.findByRole('textbox', { name: 'Type a path' });
    await person.clear(line);
    await person.type(line, '/2027/Exhibits/Exhibit 2.pdf{Enter}');
    expect(await rowOf('Exhibit 2')).toHaveAttribute('aria-selected', 'true');
    await person.keyboard('{Control>}l{/Control}');
    const again = await screen.findByRole('textbox', { name: 'Type a path' });
    await person.clear(again);
    await person.type(again, '/nowhere{Enter}');
    expect(await within(crumbs()).findByRole('alert')).toHaveTextContent('Nothing lies at /nowhere');
  });

  it('tabs are opened and closed by keys, and are there again after a restart', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/2027');
    await person.click(await rowOf('Exhibits'));
    await person.keyboard('{Control>}t{/Control}');
    expect(screen.getAllByRole('tab')).toHaveLength(2);
    await person.click(await rowOf('Exhibits'));
    await person.keyboard('{Enter}');
    await rowOf('Exhibit 1.pdf');
    act(() => tabs.restart());
    await waitFor(() => expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual(['2027', 'Exhibits']));
    expect(await rowOf('Exhibit 1.pdf')).toBeInTheDocument();
    await person.keyboard('{Control>}w{/Control}');
    expect(screen.getAllByRole('tab')).toHaveLength(1);
    expect(await rowOf('Correspondence')).toBeInTheDocument();
  });

  it('the tree opens a branch when it is asked to, and what is chosen there is shown', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/');
    const tree = screen.getByRole('treegrid', { name: 'Folders' });
    await person.click(await within(tree).findByRole('row', { name: 'north-gmbh' }));
    await rowOf('welcome.txt');
    await person.keyboard('{ArrowRight}');
    expect(await within(tree).findByRole('row', { name: 'out' })).toBeInTheDocument();
  });
});

describe('what can be done', () => {
  it('a new folder is made, is there, and is chosen', async () => {
    const { person } = await openWindow('/browse?at=c-north&path=/in');
    await rowOf('order-77120');
    await person.keyboard('{Control>}{Shift>}n{/Shift}{/Control}');
    await person.keyboard('2027{Enter}');
    expect(await rowOf('2027')).toHaveAttribute('aria-selected', 'true');
  });

  it('F2 renames in place, Escape leaves the name, and a refusal says why', async () => {
    const { fake, person } = await openWindow('/browse?at=c-north&path=/in');
    await person.click(await rowOf('order-77120'));
    await person.keyboard('{F2}');
    const field = await screen.findByLabelText('New name');
    expect(field).toHaveFocus();
    await person.keyboard('x{Escape}');
    expect(await rowOf('order-77120.xml')).toBeInTheDocument();
    await person.keyboard('{F2}');
    await screen.findByLabelText('New name');
    await person.keyboard('first{Enter}');
    expect(await rowOf('first.xml')).toHaveAttribute('aria-selected', 'true');
    expect(fake.folders.tree('c-north').get('/in')?.map((one) => one.name)).toContain('first.xml');
    await person.keyboard('{F2}');
    const again = await screen.findByLabelText('New name');
    await person.clear(again);
    await person.type(again, 'order-77121.xml{Enter}');
    expect(await screen.findByText(/is taken|already/i)).toBeInTheDocument();
    expect(fake.folders.tree('c-north').get('/in')?.map((one) => one.name)).toContain('first.xml');
  });

  it('says what is lost before a folder goes, and lists what stayed with its reason', async () => {
    const { fake, person } = await openWindow('/browse?at=c-archive&path=/2027', undefined, (one) => {
      one.folders.kept.set('/2027/Exhibits/Exhibit 1.pdf', 'held');
    });
    await person.click(await rowOf('Exhibits'));
    await person.keyboard('{Delete}');
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete Exhibits?' });
    expect(await within(dialog).findByText('4 files with 4.7 GB, 1 folder')).toBeInTheDocument();
    expect(dialog).toHaveTextContent('This is for good');
    await person.click(within(dialog).getByRole('button', { name: 'Delete' }));
    const strip = await screen.findByRole('list', { name: 'Deletions' });
    expect(await within(strip).findByText('1 could not be deleted')).toBeInTheDocument();
    await person.click(within(strip).getByRole('button', { name: 'Which, and why' }));
    expect(strip).toHaveTextContent('/2027/Exhibits/Exhibit 1.pdf');
    expect(fake.folders.tree('c-archive').get('/2027/Exhibits')?.map((one) => one.name)).toEqual(['Exhibit 1.pdf']);
  });

  it('where versions are kept it says that they stay, and Enter alone deletes nothing', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Delete}');
    const dialog = await screen.findByRole('alertdialog');
    expect(dialog).toHaveTextContent('its earlier versions stay');
    await person.keyboard('{Enter}');
    await waitFor(() => expect(screen.queryByRole('alertdialog')).not.toBeInTheDocument());
    expect(fake.folders.tree('c-evidence').get('/intake')).toHaveLength(2);
  });

  it('a file that a bucket marked as deleted is brought back by Undo, and later by its path', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    const remove = async () => {
      await person.click(await rowOf('scan-0001'));
      await person.keyboard('{Delete}');
      await person.click(within(await screen.findByRole('alertdialog')).getByRole('button', { name: 'Delete' }));
      await waitFor(() => expect(fake.folders.tree('c-evidence').get('/intake')).toHaveLength(1));
    };
    await remove();
    await person.click(await screen.findByRole('button', { name: 'Undo' }));
    await rowOf('scan-0001');
    await remove();
    await waitFor(() => expect(names().some((name) => name?.includes('scan-0001'))).toBe(false));
    await person.keyboard('{Control>}l{/Control}');
    await person.type(screen.getByRole('textbox', { name: 'Type a path' }), '/intake/scan-0001.pdf{Enter}', { initialSelectionStart: 0, initialSelectionEnd: 100 });
    await person.click(within(await screen.findByRole('dialog', { name: 'scan-0001.pdf was deleted there' })).getByRole('button', { name: 'Bring the file back' }));
    expect(await rowOf('scan-0001')).toHaveAttribute('aria-selected', 'true');
  });

  it('where nobody knows yet whether versions are kept, nothing is promised', async () => {
    const { person } = await openWindow('/browse?at=c-evidence&path=/intake', undefined, (one) => {
      const able = one.browseAbilities;
      one.browseAbilities = async (at) => ({ ...(await able(at)), marks: false, versions: false });
      one.connectionFacts = async () => ({ powers: [], tested: false, signedIn: null, runs: [] });
    });
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Delete}');
    expect(await screen.findByRole('alertdialog')).toHaveTextContent('Whether earlier versions are kept there is not known');
  });

  it('a deletion can be stopped, and says what it did', async () => {
    const { fake, person } = await openWindow('/browse?at=c-evidence&path=/intake');
    await person.click(await rowOf('scan-0001'));
    await person.keyboard('{Control>}a{/Control}{Delete}');
    const dialog = await screen.findByRole('alertdialog', { name: 'Delete 2 entries?' });
    await within(dialog).findByRole('button', { name: 'Delete' });
    fake.folders.holds = true;
    await person.click(within(dialog).getByRole('button', { name: 'Delete' }));
    await screen.findByText(/1 gone/);
    fake.folders.holds = false;
    await person.click(screen.getByRole('button', { name: 'Stop' }));
    act(() => fake.folders.goOn());
    expect(await screen.findByText(/Stopped deleting 2 entries of intake: 1 were deleted/)).toBeInTheDocument();
    await waitFor(() => expect(names()).toEqual(['scan-0002.pdf']));
  });
});

describe('when it does not go well', () => {
  it('a folder that cannot be looked into says why, and can be tried again and tested', async () => {
    const { fake, person } = await openWindow('/browse?at=c-north&path=/in', undefined, (one) => {
      one.folders.barred.set('c-north:/in', { code: 'remote', failure: { kind: 'denied', side: 'destination', message: 'Permission denied', code: null } });
    });
    expect(await screen.findByRole('alert')).toBeInTheDocument();
    expect(screen.getByRole('button', { name: 'Test north-gmbh' })).toBeInTheDocument();
    fake.folders.barred.clear();
    await person.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rowOf('order-77120')).toBeInTheDocument();
  });

  it('a connection that was removed is said, with a way out', async () => {
    await openWindow('/browse?at=c-nobody&path=/');
    expect(await screen.findByText('This connection was removed')).toBeInTheDocument();
  });

  it('axe finds nothing in the list, the dialog and the menu', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/2027');
    await person.click(await rowOf('Claim'));
    const look = async (part: Element) => {
      const { violations } = await axe.run(part, { rules: { 'color-contrast': { enabled: false }, region: { enabled: false } } });
      return violations.map((violation) => `${violation.id}: ${violation.nodes[0]?.html}`);
    };
    expect(await look(document.body)).toEqual([]);
    await person.keyboard('{Delete}');
    expect(await look(await screen.findByRole('alertdialog'))).toEqual([]);
  });
});
