// What narrows the list of transfers, as it stands in the address of the place and as the desk is asked.
import type { DirectionView, EvidenceView, PaceView, TransferFilterView } from '@/ipc';
import { PACES } from './transfer';

/** Texts of the address; what is not understood narrows nothing. */
export interface TransferSearch {
  show?: string;
  find?: string;
  run?: string;
  evidence?: string;
  connection?: string;
  direction?: string;
  time?: string;
}

export const EVERYTHING: TransferFilterView = {
  pace: null,
  text: null,
  run: null,
  evidence: [],
  connection: null,
  direction: null,
  since: null,
  until: null,
};

export const TIMES = ['today', 'yesterday', 'week', 'month'] as const;
export type TimeSpan = (typeof TIMES)[number];
export const DIRECTIONS: readonly DirectionView[] = ['sent', 'fetched', 'between'];
export const GRADES: readonly Exclude<EvidenceView, 'none'>[] = ['sent', 'accepted', 'matched', 'confirmed'];

/** What of the address is kept under a name. */
export const NAMED = ['show', 'find', 'run', 'evidence', 'connection', 'direction', 'time'] as const;

function oneOf<T extends string>(words: readonly T[], word: string | undefined): T | null {
  return words.find((one) => one === word) ?? null;
}

export const paceOf = (search: TransferSearch): PaceView | null => oneOf(PACES, search.show);
export const gradeOfSearch = (search: TransferSearch) => oneOf(GRADES, search.evidence);
export const directionOf = (search: TransferSearch) => oneOf(DIRECTIONS, search.direction);

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;

/** The midnight that a day of a text such as `2027-03-12` begins with. */
function midnight(day: string | undefined): Date | null {
  const parts = DAY.exec(day ?? '');
  if (!parts) return null;
  const date = new Date(Number(parts[1]), Number(parts[2]) - 1, Number(parts[3]));
  return Number.isNaN(date.getTime()) ? null : date;
}

function daysFrom(date: Date, days: number): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** From when to when, by the days of this computer: a word, or two days as `2027-03-01..2027-03-12`. */
export function spanOf(time: string | undefined, now: number): { since: number | null; until: number | null } {
  const today = new Date(now);
  switch (oneOf(TIMES, time)) {
    case 'today':
      return { since: daysFrom(today, 0), until: null };
    case 'yesterday':
      return { since: daysFrom(today, -1), until: daysFrom(today, 0) };
    case 'week':
      return { since: daysFrom(today, -6), until: null };
    case 'month':
      return { since: daysFrom(today, -29), until: null };
    case null: {
      const [from, to] = (time ?? '').split('..').map((day) => midnight(day));
      return { since: from?.getTime() ?? null, until: to ? daysFrom(to, 1) : null };
    }
  }
}

export function filterOf(search: TransferSearch, now: number): TransferFilterView {
  const grade = gradeOfSearch(search);
  const text = search.find?.trim() ?? '';
  return {
    pace: paceOf(search),
    text: text === '' ? null : text,
    run: search.run || null,
    evidence: grade === null ? [] : [grade],
    connection: search.connection || null,
    direction: directionOf(search),
    ...spanOf(search.time, now),
  };
}

/** Whether more is asked than which run and which pace: then rows are looked for in the history. */
export function isSearch(filter: TransferFilterView): boolean {
  const { text, evidence, connection, direction, since, until } = filter;
  return text !== null || evidence.length > 0 || connection !== null || direction !== null || since !== null || until !== null;
}

export function isNarrowed(filter: TransferFilterView): boolean {
  return isSearch(filter) || filter.pace !== null || filter.run !== null;
}
