// A note inside a PNG that says what drew it: the standard's `tEXt` chunk with the keyword `Software`.
import { crc32 } from 'node:zlib';

const SIGNATURE = 8;
const KEYWORD = 'Software';

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const head = Buffer.alloc(4);
  head.writeUInt32BE(data.length);
  const tail = Buffer.alloc(4);
  tail.writeUInt32BE(crc32(body));
  return Buffer.concat([head, body, tail]);
}

function* chunks(png) {
  for (let at = SIGNATURE; at < png.length; ) {
    const length = png.readUInt32BE(at);
    yield { type: png.toString('latin1', at + 4, at + 8), data: png.subarray(at + 8, at + 8 + length), end: at + 12 + length };
    at += 12 + length;
  }
}

/** The same picture with the note, right behind its head. */
export function withNote(png, text) {
  const [head] = chunks(png);
  return Buffer.concat([png.subarray(0, head.end), chunk('tEXt', Buffer.from(`${KEYWORD}\0${text}`, 'latin1')), png.subarray(head.end)]);
}

/** The note, or `null`. */
export function readNote(png) {
  for (const { type, data } of chunks(png)) {
    const text = data.toString('latin1');
    if (type === 'tEXt' && text.startsWith(`${KEYWORD}\0`)) return text.slice(KEYWORD.length + 1);
  }
  return null;
}
