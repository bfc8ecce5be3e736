// A text of rows and columns: commas, semicolons or tabs, with quotes as RFC 4180 has them. What does not fit is kept as it
// stands, so that nothing of the file is hidden.

export interface Table {
  rows: string[][];
  /** The most columns that a row has. */
  columns: number;
  separator: string;
}

const SEPARATORS = [',', ';', '\t', '|'] as const;

/** The separator that the first lines have most evenly. */
export function separatorOf(text: string): string {
  const lines = text.slice(0, 20_000).split(/\r?\n/).filter((line) => line !== '').slice(0, 20);
  let best: { separator: string; score: number } = { separator: ',', score: 0 };
  for (const separator of SEPARATORS) {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length - 1);
    const least = Math.min(...counts);
    const even = counts.every((count) => count === counts[0]);
    const score = Number.isFinite(least) ? least * (even ? 10 : 1) + (counts[0] ?? 0) / 1000 : 0;
    if (score > best.score) best = { separator, score };
  }
  return best.separator;
}

/** All rows of a text. An empty line is no row. */
export function parseTable(text: string, separator = separatorOf(text)): Table {
  const rows: string[][] = [];
  let row: string[] = [];
  let columns = 0;
  const end = () => {
    if (row.length > 1 || row[0] !== '') {
      rows.push(row);
      columns = Math.max(columns, row.length);
    }
    row = [];
  };
  let at = 0;
  while (at < text.length) {
    let value: string;
    if (text[at] === '"') {
      const [quoted, next] = unquoted(text, at + 1);
      value = quoted;
      at = next;
      // What stands between the closing quote and the separator belongs to the value all the same.
      const rest = fieldEnd(text, at, separator);
      value += text.slice(at, rest);
      at = rest;
    } else {
      const stop = fieldEnd(text, at, separator);
      value = text.slice(at, stop);
      at = stop;
    }
    row.push(value);
    if (text[at] === separator) {
      at += 1;
      if (at >= text.length) row.push('');
      if (at >= text.length) end();
      continue;
    }
    if (text[at] === '\r' && text[at + 1] === '\n') at += 1;
    at += 1;
    end();
  }
  if (row.length > 0) end();
  return { rows, columns, separator };
}

function fieldEnd(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}

/** The text of a quoted value, and where it ends. A quote that is never closed takes the rest. */
function unquoted(text: string, from: number): [string, number] {
  let value = '';
  let at = from;
  for (;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return [value + text.slice(at), text.length];
    value += text.slice(at, quote);
    if (text[quote + 1] !== '"') return [value, quote + 1];
    value += '"';
    at = quote + 2;
  }
}
