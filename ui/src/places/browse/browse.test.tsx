import { screen, waitFor, within } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import { openWindow } from '@/test/open-window';

const rowOf = (name: string | RegExp) => screen.findByRole('row', { name: new RegExp(name) });

describe('the list', () => {
  it('shows folders first, numbers by their value, and the side follows', async () => {
    const { person } = await openWindow('/browse?at=c-archive&path=/2027/Exhibits');
    await rowOf('Exhibit 10');
    const names = screen.getAllByRole('row').slice(1).map((row) => within(row).getAllByRole('gridcell')[0]?.textContent);
    expect(names).toEqual(['Exhibit 1.pdf', 'Exhibit 2.pdf', 'Exhibit 10.pdf', 'Site camera 04.mov']);
    await person.click(await rowOf('Exhibit 2'));
    expect(await screen.findByRole('complementary', { name: 'The chosen entry' })).toHaveTextContent('/2027/Exhibits/Exhibit 2.pdf');
  });

  it('a folder that is left while it loads asks for nothing more', async () => {
    const { fake, person } = await openWindow('/browse?at=c-archive&path=/', undefined, (one) => {
      one.folders.crowd('c-archive', '/2027', 5000);
      one.folders.holds = true;
    });
    await person.dblClick(await rowOf('2027'));
    await rowOf('page-000001');
    expect(screen.getByRole('status')).toHaveTextContent('1,000 so far, still loading');
    await person.click(screen.getByRole('link', { name: /Transfers/ }));
    await waitFor(() => expect(fake.folders.open).toBe(0));
  });
});
