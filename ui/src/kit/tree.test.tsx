import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useState } from 'react';
import { expect, it, vi } from 'vitest';
import { type Branch, Tree } from './tree';

function Folders({ onLoad, onChoose, then }: { onLoad: (id: string) => void; onChoose: (id: string) => void; then: Branch }) {
  const [below, setBelow] = useState<Branch>({ state: 'unknown' });
  const [chosen, setChosen] = useState<string | null>(null);
  return (
    <>
      <Tree
        label="Folders"
        nodes={[
          { id: 'in', name: 'Incoming', below },
          { id: 'terms', name: 'Terms.pdf', below: null },
        ]}
        chosen={chosen}
        onChoose={(id) => {
          setChosen(id);
          onChoose(id);
        }}
        onLoad={(id) => {
          onLoad(id);
          setBelow({ state: 'loading' });
        }}
        loadingText="Loading"
        emptyText="Nothing in it"
        retryLabel="Try again"
        expandLabel="Open"
      />
      <button type="button" onClick={() => setBelow(then)}>
        Answer
      </button>
    </>
  );
}

function folders(then: Branch) {
  const [onLoad, onChoose] = [vi.fn<(id: string) => void>(), vi.fn<(id: string) => void>()];
  render(<Folders onLoad={onLoad} onChoose={onChoose} then={then} />);
  return { onLoad, onChoose, person: userEvent.setup() };
}

it('a branch is fetched when it is opened by key, says so, and is gone into', async () => {
  const { onLoad, onChoose, person } = folders({ state: 'there', nodes: [{ id: 'in/a', name: 'Annex A', below: null }] });
  await person.tab();
  await person.keyboard('{ArrowRight}');
  expect(onLoad.mock.calls).toEqual([['in']]);
  expect(screen.getByRole('row', { name: /Incoming/ })).toHaveAttribute('aria-expanded', 'true');
  expect(screen.getByRole('row', { name: 'Loading' })).toHaveAttribute('aria-level', '2');
  await person.click(screen.getByRole('button', { name: 'Answer' }));
  expect(await screen.findByRole('row', { name: 'Annex A' })).toHaveAttribute('aria-level', '2');
  expect(screen.queryByRole('row', { name: 'Loading' })).not.toBeInTheDocument();
  await person.click(screen.getByRole('row', { name: 'Annex A' }));
  expect(onChoose).toHaveBeenLastCalledWith('in/a');
  await person.keyboard('{ArrowLeft}{ArrowLeft}');
  expect(screen.queryByRole('row', { name: 'Annex A' })).not.toBeInTheDocument();
  await person.keyboard('t');
  expect(screen.getByRole('row', { name: 'Terms.pdf' })).toHaveFocus();
});

it('a refusal stands where the content would, and is tried again', async () => {
  const { onLoad, onChoose, person } = folders({ state: 'failed', text: 'hm-court does not let you look into it' });
  await person.tab();
  await person.keyboard('{ArrowRight}');
  await person.click(screen.getByRole('button', { name: 'Answer' }));
  const note = await screen.findByRole('row', { name: /does not let you/ });
  await person.click(note);
  expect(onChoose).not.toHaveBeenCalledWith(expect.stringContaining('note'));
  await person.click(screen.getByRole('button', { name: 'Try again' }));
  expect(onLoad).toHaveBeenCalledTimes(2);
});

it('a branch with nothing in it says so', async () => {
  const { person } = folders({ state: 'there', nodes: [] });
  await person.tab();
  await person.keyboard('{ArrowRight}');
  await person.click(screen.getByRole('button', { name: 'Answer' }));
  expect(await screen.findByRole('row', { name: 'Nothing in it' })).toBeInTheDocument();
});
