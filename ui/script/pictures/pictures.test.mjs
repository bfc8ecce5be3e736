import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Album } from './album.mjs';
import { readNote, withNote } from './png-note.mjs';

const WIDTH = 320;
const HEIGHT = 200;

/** A light window with a hairline under its head and a block of colour; `change` is asked for each pixel. */
function draw(change = (_x, _y, colour) => colour, height = HEIGHT) {
  const data = Buffer.alloc(WIDTH * height * 3);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < WIDTH; x += 1) {
      const colour = y === 40 ? [227, 230, 235] : x > 200 && y > 100 && y < 130 ? [44, 79, 214] : [255, 255, 255];
      data.set(change(x, y, colour), (y * WIDTH + x) * 3);
    }
  return sharp(data, { raw: { width: WIDTH, height, channels: 3 } }).png().toBuffer();
}

const withoutHairline = () => draw((_x, y, colour) => (y === 40 ? [255, 255, 255] : colour));
const noisy = () => draw((x, y, colour) => ((x + y) % 3 === 0 ? colour.map((level) => Math.max(0, level - 2)) : colour));
const withoutBlock = () => draw((x, y, colour) => (colour[0] === 44 ? [255, 255, 255] : colour));

let folder;
const album = (change) => new Album({ approved: `${folder}/approved/`, screens: `${folder}/`, drawnBy: 'Chromium 1', compare: true, update: false, ...change });

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pictures-'));
  await album({ update: true }).take('place', await draw());
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('an approved picture', () => {
  it('is like the same window drawn with the last bit of its colours elsewhere', async () => {
    expect(await album().take('place', await noisy())).toEqual([]);
  });

  it('is like itself where it has more colours than a small picture can hold', async () => {
    const many = () => draw((x, y) => [x % 256, y, (x * 7 + y * 3) % 256]);
    await album({ update: true }).take('many', await many());
    expect(await album().take('many', await many())).toEqual([]);
  });

  it('tells that a hairline is gone, and paints where', async () => {
    const [fault] = await album().take('place', await withoutHairline());
    expect(fault).toMatch(/320 of 64000 pixels differ/);
    expect((await sharp(`${folder}/place.diff.png`).metadata()).width).toBe(WIDTH);
  });

  it('tells that the window has another size', async () => {
    const [fault] = await album().take('place', await draw(undefined, HEIGHT + 20));
    expect(fault).toMatch(/320 x 220 pixels, the approved one 320 x 200/);
  });

  it('is compared roughly with what another browser drew, and the run says so', async () => {
    const other = album({ drawnBy: 'Chromium 2' });
    expect(await other.take('place', await withoutHairline())).toEqual([]);
    expect(other.summary().join(' ')).toMatch(/1 pictures as approved, 0 differ.* 1 were compared roughly.*Chromium 2/);
  });

  it('that is taken again counts once, as it was found to be then', async () => {
    const other = album({ drawnBy: 'Chromium 2' });
    expect(await other.take('place', await withoutBlock())).toHaveLength(1);
    expect(other.summary().join(' ')).toMatch(/0 pictures as approved, 1 differ.* 1 were compared roughly/);
    expect(await other.take('place', await withoutHairline())).toEqual([]);
    expect(other.summary().join(' ')).toMatch(/1 pictures as approved, 0 differ.* 1 were compared roughly/);
  });

  it('is missed where there is none, and left over where nobody takes it', async () => {
    expect(await album().take('another', await draw())).toHaveLength(1);
    expect(album().orphans(['another'])).toEqual(['place.png']);
  });

  it('stays as it is where nothing differs, and is replaced where something does', async () => {
    const before = readFileSync(`${folder}/approved/place.png`);
    await album({ update: true }).take('place', await noisy());
    expect(readFileSync(`${folder}/approved/place.png`)).toEqual(before);
    await album({ update: true }).take('place', await withoutBlock());
    expect(await album().take('place', await withoutBlock())).toEqual([]);
    expect(await album().take('place', await draw())).toHaveLength(1);
  });

  it('carries a note that other programs pass over', async () => {
    const noted = withNote(await draw(), 'Chromium 1; a font');
    writeFileSync(`${folder}/noted.png`, noted);
    expect(readNote(noted)).toBe('Chromium 1; a font');
    expect((await sharp(`${folder}/noted.png`).metadata()).width).toBe(WIDTH);
  });
});
