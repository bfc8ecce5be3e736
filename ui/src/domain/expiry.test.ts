import { expect, it } from 'vitest';
import { parseDay, secretEnd, writtenDay } from './expiry';

const DAY = 86_400_000;
const NOW = new Date(2027, 2, 1, 12).getTime();

it('warns fourteen days before a key or a certificate ends, and hours before a sign-on does', () => {
  const typed = (days: number) => secretEnd({ secretExpiresAt: NOW + days * DAY, foundExpiry: null }, NOW)?.look;
  expect([typed(15), typed(14), typed(-1)]).toEqual(['fine', 'soon', 'over']);
  const session = (hours: number) => secretEnd({ secretExpiresAt: null, foundExpiry: { of: 'session', at: NOW + hours * 3_600_000 } }, NOW)?.look;
  expect([session(8), session(2), session(0)]).toEqual(['fine', 'soon', 'over']);
});

it('what ends first counts, and nothing known is nothing said', () => {
  const both = secretEnd({ secretExpiresAt: NOW + 90 * DAY, foundExpiry: { of: 'certificate', at: NOW + 3 * DAY } }, NOW);
  expect(both).toEqual({ at: NOW + 3 * DAY, of: 'certificate', look: 'soon' });
  expect(secretEnd({ secretExpiresAt: null, foundExpiry: null }, NOW)).toBeNull();
});

it('a day is read as people write it, and what is none is told apart from nothing', () => {
  const end = new Date(2027, 2, 31, 23, 59, 59, 999).getTime();
  expect([parseDay('2027-03-31'), parseDay(' 31.3.2027 '), parseDay('31. 3. 2027')]).toEqual([end, end, end]);
  expect(parseDay('')).toBeNull();
  expect([parseDay('2027-02-30'), parseDay('soon'), parseDay('31.13.2027')]).toEqual([undefined, undefined, undefined]);
  expect(parseDay(writtenDay(end))).toBe(end);
  expect(writtenDay(null)).toBe('');
});
