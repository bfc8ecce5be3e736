// A field map while it is written: its rows, and the places of a sample that they can take their values from. The text is the map;
// rows are read from it and written back, and what nobody here knows of a row stays in it.

/** A row as it stands in the map. */
export type MapRow = Readonly<Record<string, unknown>>;

export const SOURCES = ['pointer', 'constant', 'template'] as const;
export type RowSource = (typeof SOURCES)[number];

export const KINDS = ['text', 'number', 'date', 'list'] as const;
export type RowKind = (typeof KINDS)[number];

/** What can be said about a value of each kind. */
export const OPTIONS = { text: [], number: ['decimal'], date: ['format', 'zone'], list: ['separator'] } as const satisfies Record<RowKind, readonly string[]>;

/** The rows of a map; nothing where the text is no list of rows. An empty text is a map without any. */
export function readMap(text: string): MapRow[] | null {
  if (text.trim() === '') return [];
  const read = parse(text);
  return Array.isArray(read) && read.every(isObject) ? read : null;
}

/** The text of a map, one row a line. Without rows it is empty. */
export function writeMap(rows: readonly MapRow[]): string {
  return rows.length === 0 ? '' : `[\n${rows.map((row) => `  ${JSON.stringify(row)}`).join(',\n')}\n]`;
}

export function sourceOf(row: MapRow): RowSource {
  return SOURCES.find((source) => source in row) ?? 'pointer';
}

export function kindOf(row: MapRow): RowKind {
  return KINDS.find((kind) => kind === row.type) ?? 'text';
}

/** What stands in a row, as it is typed. */
export function textOf(row: MapRow, key: string): string {
  const value = row[key];
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The row with another text; an empty one is left out, unless it is the target or where the value comes from. */
export function withText(row: MapRow, key: string, text: string): MapRow {
  const stays = key === 'target' || SOURCES.some((source) => source === key);
  if (text === '' && !stays) return without(row, [key]);
  const isWhole = (key === 'constant' || key === 'default') && /^\s*[[{]/.test(text);
  const whole = isWhole ? parse(text) : undefined;
  return { ...row, [key]: whole === undefined ? text : whole };
}

/** The row with its value from elsewhere: a place of the sample becomes the gap of a template, and back. */
export function withSource(row: MapRow, source: RowSource): MapRow {
  const before = sourceOf(row);
  if (before === source) return row;
  const text = textOf(row, before);
  return { ...without(row, SOURCES), [source]: carried(text, before, source) };
}

function carried(text: string, before: RowSource, after: RowSource): string {
  if (before === 'pointer' && after === 'template') return text === '' || text === '/' ? '' : gapOf(text);
  const gap = /^\{(\/[^{}]+)\}$/.exec(text);
  return before === 'template' && after === 'pointer' && gap ? (gap[1] ?? '') : '';
}

/** A place as the gap of a template. */
export function gapOf(pointer: string): string {
  return `{${pointer}}`;
}

/** The row with another kind, without what can be said about the kind before. */
export function withKind(row: MapRow, kind: RowKind): MapRow {
  const options: readonly string[] = OPTIONS[kind];
  const kept = without(row, Object.values(OPTIONS).flat().filter((option) => !options.includes(option)));
  return kind === 'text' ? without(kept, ['type']) : { ...kept, type: kind };
}

export function withRequired(row: MapRow, required: boolean): MapRow {
  return required ? { ...row, required } : without(row, ['required']);
}

/** The rows with one of them a place further; as they are where there is none. */
export function moved(rows: readonly MapRow[], at: number, by: 1 | -1): MapRow[] {
  const [one, other] = [rows[at], rows[at + by]];
  if (!one || !other) return [...rows];
  return rows.with(at, other).with(at + by, one);
}

/** A place of the sample that a row can take its value from. */
export interface SamplePlace {
  /** By RFC 6901. */
  pointer: string;
  /** What stands there, shortened. */
  shown: string;
}

const MOST_PLACES = 300;
const MOST_OF_A_LIST = 5;
const LONGEST = 40;

/** The places of a sample in its order: values, lists, and what is in them. None where it is no JSON. */
export function placesOf(sample: string): SamplePlace[] {
  const places: SamplePlace[] = [];
  const walk = (value: unknown, pointer: string) => {
    if (places.length >= MOST_PLACES) return;
    if (isObject(value)) {
      for (const [key, inner] of Object.entries(value)) walk(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      return;
    }
    if (pointer !== '') places.push({ pointer, shown: shorten(value) });
    if (Array.isArray(value)) for (const [at, inner] of value.slice(0, MOST_OF_A_LIST).entries()) walk(inner, `${pointer}/${at}`);
  };
  walk(parse(sample), '');
  return places;
}

/** What a row made, from the fields of the whole; nothing where it made none. */
export function madeOf(result: string, target: string): string | null {
  let at: unknown = parse(result);
  for (const name of target.trim().replace(/^\/+/, '').split('/')) {
    if (!isObject(at) || !(name in at)) return null;
    at = at[name];
  }
  return JSON.stringify(at);
}

function shorten(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function without(row: MapRow, keys: readonly string[]): MapRow {
  return Object.fromEntries(Object.entries(row).filter(([key]) => !keys.includes(key)));
}
