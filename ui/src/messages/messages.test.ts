import { describe, expect, it } from 'vitest';
import type { FailureKindView, IpcError, SideView, StateView, StoryEventView } from '@/ipc';
import { specs } from '@/ipc/fake/specs';
import { busyDay } from '@/ipc/fake/data';
import { describeError, describeFailure, failureTag, inWords, overwriteGetLocale, sayIn, stateWord, storySentence, type Locale } from '@/messages';

const languages: readonly Locale[] = ['en', 'de'];
const sides: readonly SideView[] = ['source', 'destination', 'desk'];
const kinds = Object.keys({
  'not-found': 0, 'already-exists': 0, denied: 0, unauthenticated: 0, invalid: 0, 'too-large': 0, 'quota-exceeded': 0, locked: 0,
  held: 0, 'rate-limited': 0, unsupported: 0, changed: 0, truncated: 0, 'checksum-mismatch': 0, 'host-key-changed': 0,
  'host-key-unknown': 0, unreachable: 0, 'timed-out': 0, vendor: 0,
} satisfies Record<FailureKindView, 0>) as FailureKindView[];

const failure = (kind: FailureKindView, side: SideView) => ({ kind, side, message: 'the bucket said no', code: 'AccessDenied' });
const ends = { name: 'Letter.pdf', source: 'north-gmbh', destination: 'evidence-eu' };

/** A sentence that a placeholder or a key was left in is no sentence. */
function isSentence(text: string): boolean {
  return text.length > 3 && !/[{}]|failure_|error_|undefined/.test(text);
}

describe.each(languages)('in %s', (language) => {
  it.each(kinds.flatMap((kind) => sides.map((side) => [kind, side] as const)))('a failure %s at the %s says what, why and who', (kind, side) => {
    overwriteGetLocale(() => language);
    const text = describeFailure(failure(kind, side), ends);
    expect(isSentence(text.title) && isSentence(text.body), `${text.title} ${text.body}`).toBe(true);
    expect(text.body).toMatch(/\.$/);
    expect(text.detail).toBe('the bucket said no (AccessDenied)');
    expect(failureTag(failure(kind, side)).text.length).toBeLessThan(26);
    expect(text.remedies.length, 'a failure has a way out').toBeGreaterThan(0);
  });

  it.each(kinds.flatMap((kind) => sides.map((side) => [kind, side] as const)))('%s at the %s speaks of no file on its way where somebody only asked', (kind, side) => {
    overwriteGetLocale(() => language);
    const text = describeFailure(failure(kind, side), ends, true);
    expect(isSentence(text.title) && isSentence(text.body), `${text.title} ${text.body}`).toBe(true);
    expect(`${text.title} ${text.body}`).not.toMatch(/[Yy]our file|Ihre Datei|Letter\.pdf/);
  });

  it('every refused call has its sentence', () => {
    overwriteGetLocale(() => language);
    const errors: { [Code in IpcError['code']]: Extract<IpcError, { code: Code }> } = {
      remote: { code: 'remote', failure: failure('denied', 'destination') },
      settings: { code: 'settings', problems: [{ key: 'port', reason: 'has to be a whole number' }] },
      invalid: { code: 'invalid', message: 'x' },
      import: { code: 'import', said: { code: 'import-changed', parameters: [], text: 'the file changed since it was looked through, so nothing was added' } },
      'name-taken': { code: 'name-taken', name: 'north' },
      'not-here': { code: 'not-here', what: 'transfer 1' },
      'not-now': { code: 'not-now', message: 'x' },
      'in-use': { code: 'in-use', name: 'north', waiting: 2 },
      vault: { code: 'vault', message: 'x', needsPassphrase: true },
      busy: { code: 'busy', message: 'x' },
      database: { code: 'database', message: 'x' },
      disk: { code: 'disk', message: 'x' },
      internal: { code: 'internal', message: 'x' },
    };
    for (const error of Object.values(errors)) {
      const text = describeError(error, 'north');
      expect(isSentence(text.title) && isSentence(text.body), `${error.code}: ${text.title} ${text.body}`).toBe(true);
    }
  });
});

it('the two languages differ', () => {
  overwriteGetLocale(() => 'en');
  const english = stateWord('queued' satisfies StateView);
  overwriteGetLocale(() => 'de');
  expect(stateWord('queued')).not.toBe(english);
});

it('a line of the story names the place, and keeps what the remote said apart', () => {
  const [transfer] = busyDay(0).transfers;
  if (!transfer) throw new Error('the day is empty');
  const line = { at: 0, event: 'accepted' satisfies StoryEventView } as const;
  const server = { code: null, parameters: [], text: 'version 7' };
  expect(storySentence({ ...line, detail: server }, transfer)).toEqual({
    look: 'done',
    text: 'evidence-eu has the whole file',
    detail: null,
    technical: 'version 7',
  });
});

it('a form is drawn in the language of the reader, with the keys and values that Rust knows', () => {
  const spec = specs.find((one) => one.kind === 'sftp');
  if (!spec) throw new Error('there is no SFTP form');
  overwriteGetLocale(() => 'en');
  expect(inWords(spec)).toEqual(spec);
  overwriteGetLocale(() => 'de');
  const german = inWords(spec);
  expect(german.fields.map((field) => field.key)).toEqual(spec.fields.map((field) => field.key));
  expect(german.fields.find((field) => field.key === 'user')?.label).toBe('Konto');
});

it('what the desk and a connector say is said in the language of the reader, with its parameters', () => {
  const [transfer] = busyDay(0).transfers;
  if (!transfer) throw new Error('the day is empty');
  const continued = { code: 'continued', parameters: [{ key: 'part', value: '4' }, { key: 'parts', value: '3' }], text: 'Continued at part 4, 3 parts were there' };
  const answered = { code: 'answered', parameters: [{ key: 'rule', value: 'keep-both' }], text: 'answered: keep-both' };
  const told = (detail: typeof continued) => storySentence({ at: 0, event: 'started', detail }, transfer).detail;
  overwriteGetLocale(() => 'en');
  expect(sayIn('sftp', { code: 'as-user', parameters: [{ key: 'user', value: 'ada' }], text: 'as ada' })).toBe('as ada');
  overwriteGetLocale(() => 'de');
  expect(sayIn('sftp', { code: 'as-user', parameters: [{ key: 'user', value: 'ada' }], text: 'as ada' })).toBe('als ada');
  expect(told(continued)).toBe('Weiter bei Teil 4, 3 Teile waren da');
  expect(told(answered)).toBe('geantwortet: beide behalten');
  expect(sayIn('sftp', { code: 'not-known-yet', parameters: [], text: 'its English words' })).toBe('its English words');
});

it('a question that nobody answered is not called a refused secret', () => {
  overwriteGetLocale(() => 'en');
  const text = describeFailure({ kind: 'unauthenticated', side: 'destination', message: 'asks a question that nobody answered', code: 'unanswered' }, ends);
  expect(text.title).toBe('evidence-eu asked, and nobody answered');
});
