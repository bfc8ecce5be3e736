import { expect, it } from 'vitest';
import { momentFormat, numberFormat } from './intl';

it('a format is made once for each language and each way to write', () => {
  expect(numberFormat('de')).toBe(numberFormat('de'));
  expect(numberFormat('de').format(1234.5)).toBe('1.234,5');
  expect(numberFormat('en').format(1234.5)).toBe('1,234.5');
  expect(numberFormat('en', { maximumFractionDigits: 0 }).format(0.4)).toBe('0');
  expect(momentFormat('en', { year: 'numeric' })).toBe(momentFormat('en', { year: 'numeric' }));
  expect(momentFormat('en', { year: 'numeric' }).format(new Date(2027, 2, 16))).toBe('2027');
  expect(momentFormat('en', { month: 'long' }).format(new Date(2027, 2, 16))).toBe('March');
});
