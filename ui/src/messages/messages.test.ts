import { describe, expect, it } from 'vitest';
import type { FailureKindView, IpcError, SideView, StateView, StoryEventView, StoryNoteView } from '@/ipc';
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
  expect(storySentence({ ...line, note: null, detail: 'version 7' }, transfer)).toEqual({
    look: 'done',
    text: 'evidence-eu has the whole file',
    detail: null,
    technical: 'version 7',
  });
});

const notes: { [Code in StoryNoteView['code']]: Extract<StoryNoteView, { code: Code }> } = {
  'app-closed': { code: 'app-closed' },
  'name-taken': { code: 'name-taken' },
  'answers-again': { code: 'answers-again' },
  'found-there': { code: 'found-there' },
  'same-there': { code: 'same-there' },
  'source-deleted': { code: 'source-deleted' },
  'source-moved': { code: 'source-moved', to: '/sent/Letter.pdf' },
  'source-taken': { code: 'source-taken', to: '/sent/Letter.pdf' },
  continued: { code: 'continued', part: 4, parts: 3 },
  'not-older': { code: 'not-older', path: '/in/Letter.pdf' },
  'there-already': { code: 'there-already', path: '/in/Letter.pdf' },
  'no-empty-folders': { code: 'no-empty-folders' },
  'looked-through-again': { code: 'looked-through-again' },
  'not-stored': { code: 'not-stored' },
  answered: { code: 'answered', rule: 'keep-both' },
  failed: { code: 'failed', kind: 'denied', side: 'destination', remoteCode: 'AccessDenied' },
};

it.each(Object.values(notes))('the note $code is a sentence with its facts in both languages', (note) => {
  const [transfer] = busyDay(0).transfers;
  if (!transfer) throw new Error('the day is empty');
  const told = languages.map((language) => {
    overwriteGetLocale(() => language);
    return storySentence({ at: 0, event: 'started', note, detail: 'its English words' }, transfer);
  });
  const [english, german] = told.map((line) => line.detail ?? '');
  expect(english).not.toBe(german);
  expect([english, german].filter((text) => !isSentence(text ?? ''))).toEqual([]);
  const facts = [note.code === 'continued' ? '4' : '', 'to' in note ? note.to : '', 'path' in note ? note.path : ''];
  for (const fact of facts) expect(german).toContain(fact);
  expect(told.map((line) => line.technical)).toEqual(note.code === 'failed' ? ['its English words', 'its English words'] : [null, null]);
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
  overwriteGetLocale(() => 'en');
  expect(sayIn('sftp', { code: 'as-user', parameters: [{ key: 'user', value: 'ada' }], text: 'as ada' })).toBe('as ada');
  overwriteGetLocale(() => 'de');
  expect(sayIn('sftp', { code: 'as-user', parameters: [{ key: 'user', value: 'ada' }], text: 'as ada' })).toBe('als ada');
  expect(sayIn('sftp', { code: 'not-known-yet', parameters: [], text: 'its English words' })).toBe('its English words');
});

it('a question that nobody answered is not called a refused secret', () => {
  overwriteGetLocale(() => 'en');
  const text = describeFailure({ kind: 'unauthenticated', side: 'destination', message: 'asks a question that nobody answered', code: 'unanswered' }, ends);
  expect(text.title).toBe('evidence-eu asked, and nobody answered');
});
