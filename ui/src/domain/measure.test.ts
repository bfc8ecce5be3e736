import { describe, expect, it } from 'vitest';
import { bytesOfBytes, formatBytes, formatCountdown, formatPartSize, splitSpan } from './measure';

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

describe('spans', () => {
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
