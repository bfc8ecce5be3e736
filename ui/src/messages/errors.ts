// What a refused call says to a person: total by type, like the failures.
import { formatNumber } from '@/domain/measure';
import type { IpcError } from '@/ipc';
import { m } from './compiled/messages';
import { getLocale } from './compiled/runtime';
import { sayIn } from './connectors';
import { describeFailure } from './failures';

export interface ErrorText {
  title: string;
  body: string;
  /** Folded away, to be copied. */
  detail: string | null;
}

type Table = { [Code in IpcError['code']]: (error: Extract<IpcError, { code: Code }>, place: string) => ErrorText };

const TABLE: Table = {
  remote: ({ failure }, place) => {
    const { title, body, detail } = describeFailure(failure, { name: place, source: place, destination: place }, true);
    return { title, body, detail };
  },
  settings: ({ problems }) => ({
    title: m.error_settings_title(),
    body: m.error_settings_body(),
    detail: problems.map((problem) => `${problem.key}: ${problem.said ? sayIn(null, problem.said) : problem.reason}`).join('\n'),
  }),
  import: ({ said }) => ({ title: m.error_import_title(), body: sentence(sayIn(null, said)), detail: null }),
  'name-taken': ({ name }) => ({ title: m.error_name_taken_title({ name }), body: m.error_name_taken_body(), detail: null }),
  'not-here': ({ what }) => ({ title: m.error_not_here_title(), body: m.error_not_here_body({ what }), detail: null }),
  'not-now': ({ message }) => ({ title: m.error_not_now_title(), body: m.error_not_now_body(), detail: message }),
  'in-use': ({ name, waiting }) => ({
    title: m.error_in_use_title({ name }),
    body: m.error_in_use_body({ count: waiting, n: formatNumber(waiting, getLocale()) }),
    detail: null,
  }),
  invalid: ({ message }) => ({ title: m.error_invalid_title(), body: m.error_invalid_body(), detail: message }),
  vault: ({ message, needsPassphrase }) => ({
    title: needsPassphrase ? m.error_no_keyring_title() : m.error_vault_title(),
    body: needsPassphrase ? m.error_no_keyring_body() : m.error_vault_body(),
    detail: message,
  }),
  busy: ({ message }) => ({ title: m.error_busy_title(), body: m.error_busy_body(), detail: message }),
  database: ({ message }) => ({ title: m.error_database_title(), body: m.error_database_body(), detail: message }),
  disk: ({ message }) => ({ title: m.error_disk_title(), body: m.error_disk_body(), detail: message }),
  internal: ({ message }) => ({ title: m.error_internal_title(), body: m.error_internal_body(), detail: message }),
};

/** A phrase that begins in the middle of a sentence, on its own. */
export function sentence(text: string): string {
  const whole = text.slice(0, 1).toLocaleUpperCase(getLocale()) + text.slice(1);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
}

/** The sentence of a refused call. `place` is what the call was about: a connection, a file, the list. */
export function describeError(error: IpcError, place: string): ErrorText {
  const describe = TABLE[error.code] as (error: IpcError, place: string) => ErrorText;
  return describe(error, place);
}
