// Every part of the kit.

export const gallery = [
  ['gallery', '?gallery', async () => {}, { width: 1360, height: 2400 }],
  ['gallery-narrow', '?gallery', async () => {}, { width: 800, height: 3600 }],
  ['gallery-menu', '?gallery', (page) => page.getByRole('row', { name: 'Defence' }).click({ button: 'right' })],
  ['gallery-tree', '?gallery', async (page) => {
    await page.getByRole('row', { name: 'Incoming' }).click();
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight', 'ArrowDown', 'ArrowDown', 'ArrowRight'])
      await page.keyboard.press(key);
  }],
  ...['Last question', 'Last question, typed', 'Command palette', 'Keys', 'Undo notice'].map((name) => [
    `gallery-${name.toLowerCase().replaceAll(/[^a-z]+/g, '-')}`,
    '?gallery',
    (page) => page.getByRole('button', { name, exact: true }).click(),
  ]),
];
