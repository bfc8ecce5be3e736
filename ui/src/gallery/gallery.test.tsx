import { render, screen } from '@testing-library/react';
import axe from 'axe-core';
import { expect, it } from 'vitest';
import { Gallery } from './gallery';

it('axe finds nothing in any part of the kit', async () => {
  render(<Gallery />);
  expect(screen.getAllByRole('region').length).toBeGreaterThan(10);
  const { violations } = await axe.run(document.body, { rules: { 'color-contrast': { enabled: false } } });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([]);
});
