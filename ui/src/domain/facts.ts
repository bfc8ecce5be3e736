// What a remote tells of an entry in columns of its own: which kind of value stands in a column, and how wide it is to be.
import { factOf, type Row } from './entries';
import { momentIn } from './moment';

/** `states` and `list` are drawn as small signs. */
export type FactKind = 'number' | 'day' | 'states' | 'list' | 'text';

export interface FactLook {
  kind: FactKind;
  /** Nothing in the whole listing has it. */
  empty: boolean;
  /** Characters of the longest value, of those that were looked at. */
  longest: number;
}

/** So many values tell which kind a column has. */
const ENOUGH = 300;

export const isDay = (text: string): boolean => momentIn(text) !== null || /^\d{4}-\d{2}-\d{2}$/.test(text);

/** What a word says about whether something may be used. */
export type State = 'approved' | 'pending' | 'restricted' | 'expired' | 'rejected';

/** As remotes spell them, in small letters. */
const STATES: Readonly<Record<string, State>> = {
  approved: 'approved', released: 'approved', pending: 'pending', 'in review': 'pending', draft: 'pending',
  restricted: 'restricted', expired: 'expired', rejected: 'rejected', denied: 'rejected',
};

export const stateIn = (text: string): State | null => STATES[text.trim().toLowerCase()] ?? null;

/** Columns whose values are several words with commas between them, whatever they say. */
const LISTS = new Set(['categories', 'keywords', 'tags']);

/** The words of such a value. */
export const wordsIn = (text: string): string[] => text.split(',').map((word) => word.trim()).filter(Boolean);

/** The column that says what an entry is. */
export const KIND = 'kind';

const THINGS = ['folder', 'album', 'collection', 'image', 'video', 'audio', 'document', 'presentation', 'other'] as const;
export type Thing = (typeof THINGS)[number];

/** What an entry is, where a remote says it by a common word. */
export const thingIn = (text: string): Thing | null => THINGS.find((one) => one === text.toLowerCase()) ?? null;

/** What a remote calls an entry by, for whoever speaks to it by hand. Shown where somebody asks for it. */
export const isTechnical = (key: string): boolean => key === 'ids' || key === 'id';

export function lookOf(rows: readonly Row[], key: string): FactLook {
  let [seen, longest, numbers, days, states] = [0, 0, 0, 0, 0];
  for (const row of rows) {
    const text = factOf(row.entry, key);
    if (text === '') continue;
    seen += 1;
    longest = Math.max(longest, text.length);
    if (/^[+-]?\d+([.]\d+)?$/.test(text)) numbers += 1;
    else if (isDay(text)) days += 1;
    else if (stateIn(text)) states += 1;
    if (seen === ENOUGH) break;
  }
  const kind = LISTS.has(key) ? 'list' : seen === 0 ? 'text' : numbers === seen ? 'number' : days === seen ? 'day' : states === seen ? 'states' : 'text';
  return { kind, empty: seen === 0, longest };
}

/** Pixels of a letter of the lists, and of one of their headers. */
const [LETTER, HEADER] = [6.8, 6.4];
/** Beside a header: the mark of the order, and some room. */
const MARK = 20;
const [NARROWEST, WIDEST] = [60, 168];

/** How wide a column of this look stands, under a header of so many letters. */
export function widthOf({ kind, longest }: FactLook, title: string): number {
  const header = title.length * HEADER + MARK;
  const content = { number: longest * LETTER, day: 92, states: 96, list: longest * LETTER + 24, text: longest * LETTER + 4 }[kind];
  return Math.round(Math.min(WIDEST, Math.max(NARROWEST, content, Math.min(header, 120))));
}
