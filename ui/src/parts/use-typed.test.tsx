import { act, fireEvent, render, screen } from '@testing-library/react';
import { useState } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useTyped } from './use-typed';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const kept = vi.fn<(text: string) => void>();

/** A field whose text is kept elsewhere, which takes it late where `late` says so. */
function Field({ late = 0 }: { late?: number }) {
  const [address, setAddress] = useState('');
  const [typed, type] = useTyped(address, (text) => {
    kept(text);
    setTimeout(() => setAddress(text), late);
  });
  return (
    <>
      <input aria-label="Find" value={typed} onChange={(event) => type(event.target.value)} />
      <button type="button" onClick={() => setAddress('a saved one')}>Saved</button>
      <button type="button" onClick={() => setAddress('')}>Clear</button>
    </>
  );
}

const field = () => screen.getByRole('textbox', { name: 'Find' });
const type = (text: string) => fireEvent.change(field(), { target: { value: text } });
const pass = (ms: number) => act(() => vi.advanceTimersByTime(ms));

it('each letter is there at once, and what was typed is kept once when the typing rests', () => {
  render(<Field />);
  for (const text of ['q', 'qu', 'qua']) {
    type(text);
    expect(field()).toHaveValue(text);
    pass(100);
  }
  expect(kept).not.toHaveBeenCalled();
  pass(200);
  expect(kept.mock.calls).toEqual([['qua']]);
  expect(field()).toHaveValue('qua');
});

it('what is kept late takes no letter back that was typed since', () => {
  render(<Field late={500} />);
  type('qu');
  pass(300);
  type('quartz');
  pass(400);
  expect(field()).toHaveValue('quartz');
  pass(2000);
  expect(field()).toHaveValue('quartz');
});

it('what others put there is shown, also what was typed here before', () => {
  render(<Field />);
  type('a saved one');
  pass(500);
  fireEvent.click(screen.getByRole('button', { name: 'Clear' }));
  expect(field()).toHaveValue('');
  fireEvent.click(screen.getByRole('button', { name: 'Saved' }));
  expect(field()).toHaveValue('a saved one');
});
