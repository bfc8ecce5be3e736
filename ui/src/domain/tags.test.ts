import { expect, it } from 'vitest';
import { problemOfTags } from './tags';

const limits = { most: 10, key: 128, value: 256 };

it('tags over a limit are named before anything is sent', () => {
  const code = (...tags: [string, string][]) => problemOfTags(tags.map(([key, value]) => ({ key, value })), limits)?.code ?? null;
  expect(code(['matter', '2291/a b'], ['Größe', ''])).toBeNull();
  expect(code(['k'.repeat(128), 'v'.repeat(256)])).toBeNull();
  expect(code(['k'.repeat(129), ''])).toBe('key-long');
  expect(code(['a', 'v'.repeat(257)])).toBe('value-long');
  expect(code(['', 'b'])).toBe('key-missing');
  expect(code(['a', '1'], ['a', '2'])).toBe('twice');
  expect(code(['AWS:x', ''])).toBe('reserved');
  expect(code(['a', '<b>'])).toBe('sign');
  expect(code(...Array.from({ length: 11 }, (_, at): [string, string] => [`k${at}`, '']))).toBe('most');
});
