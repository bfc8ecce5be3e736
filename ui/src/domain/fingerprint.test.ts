import { expect, it } from 'vitest';
import { grouped, isFingerprint, sameFingerprint } from './fingerprint';

const key = 'pW4fJq2mY8bN0cVtR6xK1sLzQ3eHuD5gAaTjI7oE9xQ';

it('a fingerprint is the same with blanks, padding or without its prefix', () => {
  for (const typed of [`SHA256:${key}`, key, ` sha256:${key}=\n`, `SHA256:${key.slice(0, 20)} ${key.slice(20)}`])
    expect([typed, sameFingerprint(typed, `SHA256:${key}`)]).toEqual([typed, true]);
});

it('a fingerprint with one other letter, or cut short, is another one', () => {
  expect(sameFingerprint(`SHA256:${key.replace('Q', 'q')}`, `SHA256:${key}`)).toBe(false);
  expect(isFingerprint(`SHA256:${key.slice(1)}`)).toBe(false);
  expect(sameFingerprint('', '')).toBe(false);
});

it('a hash is read out in groups of four', () => expect(grouped('9f2c41aa07')).toBe('9f2c 41aa 07'));
