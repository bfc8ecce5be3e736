import { describe, expect, it } from 'vitest';
import { bytesOfBytes, formatBytes, formatCountdown, formatDecimal, formatNumber, formatPartSize, formatPercent, formatSpan, formatSpeed, measureSpeed, splitSpan } from './measure';

describe('sizes', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [18_400_000, '18.4 MB'],
    [99_960, '100 kB'],
    [999_600, '1.0 MB'],
    [4.7e9, '4.7 GB'],
  ])('%d bytes read %s', (bytes, text) => expect(formatBytes(bytes, 'en')).toBe(text));

  it('are written as the language writes numbers', () => expect(formatBytes(18_400_000, 'de')).toBe('18,4 MB'));

  it('of parts are binary', () => expect(formatPartSize(16 * 1024 * 1024, 'en')).toBe('16 MiB'));

  it('share a unit that both sides have', () => {
    expect(bytesOfBytes(2.9e9, 4.7e9, 'en')).toEqual({ done: '2.9', total: '4.7 GB' });
    expect(bytesOfBytes(9e6, 4.7e9, 'en')).toEqual({ done: '9.0 MB', total: '4.7 GB' });
  });
});

describe('speeds', () => {
  it('are sizes a second', () => {
    expect(formatSpeed(18_400_000, 'en')).toBe('18.4 MB/s');
    expect(formatSpeed(18_400_000, 'de')).toBe('18,4 MB/s');
    expect(measureSpeed(0, 'de')).toEqual({ value: '0', unit: 'B/s' });
  });
});

describe('numbers', () => {
  it('are grouped as the language groups them', () => {
    expect(formatNumber(1_234_567, 'en')).toBe('1,234,567');
    expect(formatNumber(1_234_567, 'de')).toBe('1.234.567');
  });

  it('read 100% only when it is whole', () => {
    expect(formatPercent(999, 1000, 'en')).toBe('99%');
    expect(formatPercent(1000, 1000, 'en')).toBe('100%');
    expect(formatPercent(1, 3, 'de')).toMatch(/^33\s%$/);
    expect(formatPercent(29, 100, 'en')).toBe('29%');
    expect(formatPercent(5, 0, 'en')).toBe('0%');
  });
});

describe('spans', () => {
  it.each([
    [42_000, '42 sec', '42 Sek.'],
    [250_000, '4 min 10 sec', '4 Min. 10 Sek.'],
    [7_500_000, '2 hr 5 min', '2 Std. 5 Min.'],
    [3_600_000, '1 hr', '1 Std.'],
    [90_000_000, '1 day 1 hr', '1 Tg. 1 Std.'],
  ])('%d milliseconds read %s, or %s', (span, english, german) => {
    expect(formatSpan(span, 'en')).toBe(english);
    expect(formatSpan(span, 'de').replaceAll('\u00a0', ' ')).toBe(german);
  });

  it.each([
    [1, [{ unit: 's', value: 1 }]],
    [250_000, [{ unit: 'min', value: 4 }, { unit: 's', value: 10 }]],
    [3_600_000, [{ unit: 'h', value: 1 }, { unit: 'min', value: 0 }]],
    [90_000_000, [{ unit: 'd', value: 1 }, { unit: 'h', value: 1 }]],
  ])('%d milliseconds have their two largest units', (span, parts) => expect(splitSpan(span)).toEqual(parts));

  it('count down with two digits a second', () => {
    expect(formatCountdown(42_000)).toBe('0:42');
    expect(formatCountdown(3_661_000)).toBe('1:01:01');
    expect(formatCountdown(-5)).toBe('0:00');
  });
});

it('a number of a remote is read in the language, with every digit that it has', () => {
  expect(formatDecimal('1250000.00', 'en')).toBe('1,250,000.00');
  expect(formatDecimal('1250000.00', 'de')).toBe('1.250.000,00');
  expect(formatDecimal('-0.50', 'de')).toBe('-0,50');
  expect(formatDecimal('2027', 'de')).toBe('2027');
  expect(formatDecimal('77120', 'de')).toBe('77.120');
  expect(formatDecimal('12345678901234567890.123456789012345678', 'en')).toBe('12,345,678,901,234,567,890.123456789012345678');
  expect(formatDecimal('about 3', 'de')).toBe('about 3');
});
