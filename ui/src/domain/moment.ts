// Moments in the reader's own time zone and language.

import { momentFormat, spanFormat } from './intl';

const DAY = 86_400_000;

function midnight(at: number): Date {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate());
}

/** Calendar days from `now` to `at`. Rounded, because a day has 23 or 25 hours when the clocks change. */
export function daysBetween(now: number, at: number): number {
  return Math.round((midnight(at).getTime() - midnight(now).getTime()) / DAY);
}

/** “14:02”. Midnight is 0:00, never 24:00. */
export function formatTime(at: number, locale: string, seconds = false): string {
  const second = seconds ? ({ second: '2-digit' } as const) : {};
  return momentFormat(locale, { hour: 'numeric', minute: '2-digit', ...second, hourCycle: 'h23' }).format(new Date(at));
}

/** “14 Nov”, with its year where that is another one. */
export function formatDate(at: number, now: number, locale: string): string {
  const date = new Date(at);
  const year = date.getFullYear() === new Date(now).getFullYear() ? {} : ({ year: 'numeric' } as const);
  return momentFormat(locale, { day: 'numeric', month: 'short', ...year }).format(date);
}

/** A time today, else a date: what a list needs to tell rows apart. */
export function formatMoment(at: number, now: number, locale: string): string {
  return daysBetween(now, at) === 0 ? formatTime(at, locale) : formatDate(at, now, locale);
}

/** The time to the second, with its date where that is not today: the order of what happened. */
export function formatPrecise(at: number, now: number, locale: string): string {
  const time = formatTime(at, locale, true);
  return daysBetween(now, at) === 0 ? time : `${formatDate(at, now, locale)}, ${time}`;
}

/** A day as the heading of what happened on it: “today”, “yesterday”, a weekday of this week, else its date. */
export function formatDay(at: number, now: number, locale: string): string {
  const days = daysBetween(now, at);
  if (Math.abs(days) <= 1) return spanFormat(locale).format(days, 'day');
  if (Math.abs(days) < 7) return momentFormat(locale, { weekday: 'long' }).format(new Date(at));
  return formatDate(at, now, locale);
}

/** When something is due: a time today, “tomorrow”, a weekday, else a date. What is over has its date, never a weekday. */
export function formatDue(at: number, now: number, locale: string): string {
  const days = daysBetween(now, at);
  if (days === 0) return formatTime(at, locale);
  if (days === 1) return spanFormat(locale).format(1, 'day');
  if (days > 1 && days < 7) return momentFormat(locale, { weekday: 'short' }).format(new Date(at));
  return formatDate(at, now, locale);
}

const STEPS = [
  { unit: 'minute', length: 60_000, until: 3_600_000 },
  { unit: 'hour', length: 3_600_000, until: DAY },
  { unit: 'day', length: DAY, until: 30 * DAY },
  { unit: 'month', length: 30.44 * DAY, until: 365 * DAY },
] as const;

/** “3 minutes ago”, “in 2 days”. Under a minute it is “now”: seconds would only flicker. */
export function formatRelative(at: number, now: number, locale: string): string {
  const words = spanFormat(locale);
  const away = at - now;
  if (Math.abs(away) < 60_000) return words.format(0, 'second');
  const step = STEPS.find((one) => Math.abs(away) < one.until) ?? { unit: 'year' as const, length: 365.25 * DAY };
  return words.format(Math.trunc(away / step.length), step.unit);
}

/** A day that is written as 2027-01-31, as the language writes it; null where it is another text. */
export function formatDateAlone(text: string, locale: string): string | null {
  const found = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (!found) return null;
  return momentFormat(locale, { dateStyle: 'medium' }).format(new Date(Number(found[1]), Number(found[2]) - 1, Number(found[3])));
}

/** The moment that a text names as remotes spell it (RFC 3339); null where it is another text. */
export function momentIn(text: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const at = Date.parse(text);
  return Number.isNaN(at) ? null : at;
}

/** The whole moment, for the title of a shortened one. */
export function formatExact(at: number, locale: string): string {
  return momentFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at));
}
