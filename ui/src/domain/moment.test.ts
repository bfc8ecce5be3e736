import { describe, expect, it } from 'vitest';
import { daysBetween, formatDate, formatDay, formatDue, formatExact, formatMoment, formatPrecise, formatRelative, formatTime } from './moment';

const at = (day: number, hour = 14, minute = 2, month = 10, year = 2026) => new Date(year, month, day, hour, minute).getTime();
// A Wednesday.
const now = at(18);

it('counts calendar days, not stretches of 24 hours', () => {
  expect(daysBetween(at(18, 23, 59), at(19, 0, 1))).toBe(1);
  expect(daysBetween(at(18, 0, 1), at(18, 23, 59))).toBe(0);
  expect(daysBetween(at(24, 12, 0, 9), at(26, 12, 0, 9))).toBe(2);
});

it('midnight is the beginning of a day', () => {
  expect(formatTime(at(18, 0, 5), 'en')).toMatch(/^0?0:05$/);
  expect(formatTime(at(18, 0, 5), 'de')).toMatch(/^0?0:05$/);
  expect(formatExact(at(18, 0, 5), 'en')).not.toContain('24:05');
});

describe('a moment', () => {
  it('is a time today and a date else', () => {
    expect(formatMoment(now, now, 'en')).toBe('14:02');
    expect(formatMoment(at(3), now, 'en')).toBe('Nov 3');
    expect(formatMoment(at(3), now, 'de')).toBe('3. Nov.');
  });
  it('is told to the second where order matters, with its date on other days', () => {
    expect(formatPrecise(now, now, 'en')).toBe('14:02:00');
    expect(formatPrecise(at(3), now, 'en')).toBe('Nov 3, 14:02:00');
    expect(formatPrecise(at(3), now, 'de')).toBe('3. Nov., 14:02:00');
  });
  it('has its year where that is another one', () => {
    expect(formatDate(at(3, 9, 0, 10, 2024), now, 'en')).toBe('Nov 3, 2024');
    expect(formatDate(at(3, 9, 0, 10, 2024), now, 'de')).toBe('3. Nov. 2024');
  });
});

it.each([
  [18, 'today', 'heute'],
  [17, 'yesterday', 'gestern'],
  [19, 'tomorrow', 'morgen'],
  [15, 'Sunday', 'Sonntag'],
  [2, 'Nov 2', '2. Nov.'],
])('the %ith is %s, or %s', (day, english, german) => {
  expect(formatDay(at(day), now, 'en')).toBe(english);
  expect(formatDay(at(day), now, 'de')).toBe(german);
});

it.each([
  [18, '14:02', '14:02'],
  [19, 'tomorrow', 'morgen'],
  [23, 'Mon', 'Mo'],
  [25, 'Nov 25', '25. Nov.'],
  [17, 'Nov 17', '17. Nov.'],
])('what is due on the %ith is due %s, or %s', (day, english, german) => {
  expect(formatDue(at(day), now, 'en')).toBe(english);
  expect(formatDue(at(day), now, 'de')).toBe(german);
});

it.each([
  [-20_000, 'now', 'jetzt'],
  [-3 * 60_000, '3 minutes ago', 'vor 3 Minuten'],
  [2 * 3_600_000, 'in 2 hours', 'in 2 Stunden'],
  [-26 * 3_600_000, 'yesterday', 'gestern'],
  [20 * 86_400_000, 'in 20 days', 'in 20 Tagen'],
  [-100 * 86_400_000, '3 months ago', 'vor 3 Monaten'],
  [-800 * 86_400_000, '2 years ago', 'vor 2 Jahren'],
])('%i ms away reads %s, or %s', (away, english, german) => {
  expect(formatRelative(now + away, now, 'en')).toBe(english);
  expect(formatRelative(now + away, now, 'de')).toBe(german);
});
