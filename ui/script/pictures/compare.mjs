// Whether two pictures show the same window. The bounds were measured; docs/decisions/0004-approved-pictures.md says how.
import pixelmatch from 'pixelmatch';
import sharp from 'sharp';

/** By how much a colour may be off where the same program drew both: what fewer colours in the approved picture cost. */
const SHADE = 0.05;
/** How many pixels may be off by more. */
const MOST_PIXELS = 24;

/** Drawn by another browser or with other fonts, letters differ everywhere, so blocks of so many pixels are compared. */
const BLOCK = 8;
const ROUGH_SHADE = 0.1;
const MOST_BLOCKS_SHARE = 0.01;

/** The pixels of a picture. */
export async function pictureOf(png) {
  const { data, info } = await sharp(png).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** `null` if both are the same; else what differs in words, and how to draw it. */
export async function differ(old, fresh) {
  return sizes(old, fresh) ?? match(old, fresh, SHADE, () => MOST_PIXELS, 'pixels');
}

/** Whether a picture of fewer colours can stand for its own: it leaves the next drawing most of what may be off. */
export async function standsFor(few, full) {
  return match(few, full, SHADE, () => MOST_PIXELS / 4, 'pixels') === null;
}

/** The same for pictures that different programs drew. */
export async function differRoughly(old, fresh) {
  const [a, b] = await Promise.all([blocks(old), blocks(fresh)]);
  return sizes(old, fresh) ?? match(a, b, ROUGH_SHADE, (all) => all * MOST_BLOCKS_SHARE, `blocks of ${BLOCK} pixels`);
}

function sizes(old, fresh) {
  if (old.width === fresh.width && old.height === fresh.height) return null;
  return {
    text: `it is ${fresh.width} x ${fresh.height} pixels, the approved one ${old.width} x ${old.height}`,
    picture: () => encode(fresh),
  };
}

function match(old, fresh, threshold, most, unit) {
  const { width, height } = fresh;
  const all = width * height;
  const data = Buffer.alloc(all * 4);
  const off = pixelmatch(old.data, fresh.data, data, width, height, { threshold, includeAA: true });
  if (off <= most(all)) return null;
  return {
    text: `${off} of ${all} ${unit} differ (${((100 * off) / all).toFixed(2)} %)`,
    picture: () => encode({ data, width, height }),
  };
}

async function blocks({ data, width, height }) {
  const small = sharp(data, { raw: { width, height, channels: 4 } }).resize(Math.ceil(width / BLOCK), Math.ceil(height / BLOCK), { fit: 'fill', kernel: 'linear' });
  const { data: raw, info } = await small.raw().toBuffer({ resolveWithObject: true });
  return { data: raw, width: info.width, height: info.height };
}

function encode({ data, width, height }) {
  return sharp(data, { raw: { width, height, channels: 4 } }).png().toBuffer();
}
