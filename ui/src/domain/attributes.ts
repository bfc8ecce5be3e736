// Forms that a remote defines: what is typed into them, what is wrong with it, and what of it is sent.
import type { AttributeValueView, AttributeView, NamedValueView } from '@/ipc';

/** One value as it is typed. The id lasts while lines come and go. */
export interface Line {
  id: number;
  text: string;
}

export interface SetRow {
  id: number;
  fields: Draft;
}

/** What stands in one field: its lines, or the rows of a set. */
export interface FieldDraft {
  lines: readonly Line[];
  rows: readonly SetRow[];
}

/** By the keys of the fields. */
export type Draft = Readonly<Record<string, FieldDraft>>;

export type Problem = { code: 'required' | 'integer' | 'decimal' | 'date' | 'moment' | 'choice' } | { code: 'longest' | 'most'; most: number; over: number };

/** By the place in the form: `key`, `key.line`, or `key.row.key.line` in a set. */
export type Problems = ReadonlyMap<string, Problem>;

let fresh = 0;
export const newLine = (text = ''): Line => ({ id: (fresh += 1), text });
export const newRow = (attributes: readonly AttributeView[]): SetRow => ({ id: (fresh += 1), fields: draftOf(attributes, []) });

/** A moment as it is typed and read: in the reader's own time, to the minute, or to the second where it has some. */
export function shownMoment(value: string): string {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return value;
  const two = (number: number) => String(number).padStart(2, '0');
  const seconds = date.getSeconds() === 0 ? '' : `:${two(date.getSeconds())}`;
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}${seconds}`;
}

function isDay(text: string): boolean {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return false;
  const [year, month, day] = [Number(found[1]), Number(found[2]), Number(found[3])];
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The moment that a text names, as it travels; null where it names none. */
function momentOf(text: string): string | null {
  const found = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/.exec(text);
  if (!found || !isDay(found[1] ?? '') || Number(found[2]) > 23 || Number(found[3]) > 59 || Number(found[4] ?? 0) > 59) return null;
  const date = new Date(text.replace(' ', 'T'));
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z');
}

/** What is drawn for an attribute with a value, or without one. A field of one value has one line. */
function fieldOf(attribute: AttributeView, value: AttributeValueView | undefined): FieldDraft {
  if (attribute.kind.type === 'set') {
    const { attributes } = attribute.kind;
    const rows = value?.type === 'rows' ? value.rows : [];
    return { lines: [], rows: rows.map((row) => ({ id: (fresh += 1), fields: draftOf(attributes, row) })) };
  }
  const texts = value?.type === 'one' ? [value.value] : value?.type === 'many' ? value.values : [];
  const shown = attribute.kind.type === 'moment' ? texts.map(shownMoment) : texts;
  return { lines: (shown.length > 0 ? shown : ['']).map(newLine), rows: [] };
}

export function draftOf(attributes: readonly AttributeView[], values: readonly NamedValueView[]): Draft {
  return Object.fromEntries(attributes.map((one) => [one.key, fieldOf(one, values.find(({ key }) => key === one.key)?.value)]));
}

/** The texts of a field without what is empty, as the kind spells them. A text keeps its blanks. */
function textsOf({ kind }: AttributeView, field: FieldDraft): string[] {
  const texts = field.lines.map(({ text }) => (kind.type === 'text' || kind.type === 'choice' ? text : text.trim())).filter((text) => text.trim() !== '');
  if (kind.type === 'moment') return texts.map((text) => momentOf(text) ?? text);
  // A comma is what half of the world types where a point is sent.
  return kind.type === 'decimal' ? texts.map((text) => (/^[+-]?\d+,\d+$/.test(text) ? text.replace(',', '.') : text)) : texts;
}

/** The value of a field as it is sent; an emptied one is empty. */
export function valueOf(attribute: AttributeView, field: FieldDraft): AttributeValueView {
  const { kind } = attribute;
  if (kind.type === 'set') {
    const rows = field.rows.map((row) => kind.attributes.map((inner) => ({ key: inner.key, value: valueOf(inner, row.fields[inner.key] ?? NONE) })));
    return { type: 'rows', rows: rows.map((row) => row.filter(({ value }) => !isEmpty(value))).filter((row) => row.length > 0) };
  }
  const texts = textsOf(attribute, field);
  return attribute.most === 1 ? { type: 'one', value: texts[0] ?? '' } : { type: 'many', values: texts };
}

const NONE: FieldDraft = { lines: [], rows: [] };

/** What empties a field. */
export const emptyOf = (attribute: AttributeView): NamedValueView => ({ key: attribute.key, value: valueOf(attribute, NONE) });

export function isEmpty(value: AttributeValueView): boolean {
  return value.type === 'one' ? value.value === '' : value.type === 'many' ? value.values.length === 0 : value.rows.length === 0;
}

function isChanged(attribute: AttributeView, before: Draft, now: Draft): boolean {
  const of = (draft: Draft) => JSON.stringify(valueOf(attribute, draft[attribute.key] ?? NONE));
  return of(before) !== of(now);
}

/** What is sent: what may be written and is another than it was. */
export function changes(attributes: readonly AttributeView[], before: Draft, now: Draft): NamedValueView[] {
  return attributes.filter((one) => !one.readOnly && isChanged(one, before, now)).map((one) => ({ key: one.key, value: valueOf(one, now[one.key] ?? NONE) }));
}

function problemOf({ kind }: AttributeView, text: string): Problem | null {
  const trimmed = text.trim();
  switch (kind.type) {
    case 'text': {
      const over = [...text].length - (kind.longest ?? Number.POSITIVE_INFINITY);
      return over > 0 ? { code: 'longest', most: kind.longest ?? 0, over } : null;
    }
    case 'integer':
      return /^[+-]?\d+$/.test(trimmed) ? null : { code: 'integer' };
    case 'decimal':
      return /^[+-]?\d+([.,]\d+)?$/.test(trimmed) ? null : { code: 'decimal' };
    case 'date':
      return isDay(trimmed) ? null : { code: 'date' };
    case 'moment':
      return momentOf(trimmed) === null ? { code: 'moment' } : null;
    case 'choice':
      return kind.values.includes(text) ? null : { code: 'choice' };
    case 'flag':
      return trimmed === 'true' || trimmed === 'false' ? null : { code: 'choice' };
    case 'person':
    case 'set':
      return null;
  }
}

function judge(attribute: AttributeView, field: FieldDraft, at: string, found: Map<string, Problem>): void {
  const { kind, most, required } = attribute;
  const rows = kind.type === 'set' ? field.rows.filter((row) => kind.attributes.some((inner) => !isEmpty(valueOf(inner, row.fields[inner.key] ?? NONE)))) : [];
  const filled = kind.type === 'set' ? rows.length : textsOf(attribute, field).length;
  if (required && filled === 0) found.set(at, { code: 'required' });
  if (filled > most) found.set(at, { code: 'most', most, over: filled - most });
  for (const line of field.lines) {
    const problem = line.text.trim() === '' ? null : problemOf(attribute, line.text);
    if (problem) found.set(`${at}.${line.id}`, problem);
  }
  if (kind.type !== 'set') return;
  for (const row of rows) for (const inner of kind.attributes) if (!inner.readOnly) judge(inner, row.fields[inner.key] ?? NONE, `${at}.${row.id}.${inner.key}`, found);
}

/**
 * What is wrong with what was typed. A field that stands as it came is the remote's own: only a required one that is
 * empty is named. With `only`, a field that nobody touched is left as it is, whatever the remote makes of it.
 */
export function problemsOf(attributes: readonly AttributeView[], before: Draft, now: Draft, only: 'changed' | 'all' = 'all'): Problems {
  const found = new Map<string, Problem>();
  for (const attribute of attributes) {
    if (attribute.readOnly) continue;
    const field = now[attribute.key] ?? NONE;
    if (isChanged(attribute, before, now)) judge(attribute, field, attribute.key, found);
    else if (only === 'all' && attribute.required && isEmpty(valueOf(attribute, field))) found.set(attribute.key, { code: 'required' });
  }
  return found;
}
