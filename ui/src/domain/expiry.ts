// When the secrets of a connection end: what somebody typed, what a test saw, and how near that is.
import type { ConnectionView } from '@/ipc';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

export interface SecretEnd {
  at: number;
  /** `secret` is what somebody typed. */
  of: 'secret' | 'session' | 'certificate';
  look: 'fine' | 'soon' | 'over';
}

/** A sign-on lasts hours, so days before would be always. */
const WARNED_BEFORE = { secret: 14 * DAY, certificate: 14 * DAY, session: 2 * HOUR } as const;

/** What ends first; `null` where nothing is known to end. */
export function secretEnd({ secretExpiresAt, foundExpiry }: Pick<ConnectionView, 'secretExpiresAt' | 'foundExpiry'>, now: number): SecretEnd | null {
  const typed = secretExpiresAt === null ? null : ({ at: secretExpiresAt, of: 'secret' } as const);
  const first = typed && foundExpiry ? (typed.at <= foundExpiry.at ? typed : foundExpiry) : (typed ?? foundExpiry);
  if (!first) return null;
  const left = first.at - now;
  return { at: first.at, of: first.of, look: left <= 0 ? 'over' : left <= WARNED_BEFORE[first.of] ? 'soon' : 'fine' };
}

/** The end of a day as people write it, “2027-03-31” or “31.3.2027”. Empty is `null`, what is no day `undefined`. */
export function parseDay(text: string): number | null | undefined {
  const typed = text.trim();
  if (typed === '') return null;
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed);
  const dotted = /^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})$/.exec(typed);
  const [year, month, day] = (iso ? [iso[1], iso[2], iso[3]] : dotted ? [dotted[3], dotted[2], dotted[1]] : []).map(Number);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const end = new Date(year, month - 1, day, 23, 59, 59, 999);
  return end.getMonth() === month - 1 && end.getDate() === day ? end.getTime() : undefined;
}

/** The day of a moment, as `parseDay` reads it. */
export function writtenDay(at: number | null): string {
  if (at === null) return '';
  const date = new Date(at);
  return `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}-${String(date.getDate()).padStart(2, '0')}`;
}
