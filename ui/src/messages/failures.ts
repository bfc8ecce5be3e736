// What a failure says to a person: total by type, so that a new kind in Rust breaks this build.
import type { FailureKindView, FailureView } from '@/ipc';
import { m } from './compiled/messages';
import { sayIn } from './connectors';

/** What the button of a failure does. `connection` opens the connection, `answer` the open question, the others their section of the settings. */
export type Remedy = 'retry' | 'connection' | 'answer' | 'secrets' | 'network';

interface Place {
  /** The file. */
  name: string;
  /** The connection that the failure belongs to. */
  place: string;
}

interface Row {
  tag: () => string;
  title: (inputs: Place & { side: string }) => string;
  body: (inputs: Place & { side: string }) => string;
  /** Amber passes by itself or waits for an answer; red does not go on without a change. */
  tone: 'warn' | 'bad';
  remedies: readonly Remedy[];
}

const TABLE: Record<FailureKindView, Row> = {
  'not-found': { tag: m.failure_not_found_tag, title: m.failure_not_found_title, body: m.failure_not_found_body, tone: 'bad', remedies: ['retry'] },
  'already-exists': { tag: m.failure_already_exists_tag, title: m.failure_already_exists_title, body: m.failure_already_exists_body, tone: 'warn', remedies: ['retry'] },
  denied: { tag: m.failure_denied_tag, title: m.failure_denied_title, body: m.failure_denied_body, tone: 'bad', remedies: ['retry', 'connection'] },
  unauthenticated: { tag: m.failure_unauthenticated_tag, title: m.failure_unauthenticated_title, body: m.failure_unauthenticated_body, tone: 'bad', remedies: ['answer', 'connection'] },
  invalid: { tag: m.failure_invalid_tag, title: m.failure_invalid_title, body: m.failure_invalid_body, tone: 'bad', remedies: ['retry', 'connection'] },
  'too-large': { tag: m.failure_too_large_tag, title: m.failure_too_large_title, body: m.failure_too_large_body, tone: 'bad', remedies: ['retry'] },
  'quota-exceeded': { tag: m.failure_quota_exceeded_tag, title: m.failure_quota_exceeded_title, body: m.failure_quota_exceeded_body, tone: 'bad', remedies: ['retry'] },
  locked: { tag: m.failure_locked_tag, title: m.failure_locked_title, body: m.failure_locked_body, tone: 'warn', remedies: ['retry'] },
  held: { tag: m.failure_held_tag, title: m.failure_held_title, body: m.failure_held_body, tone: 'bad', remedies: ['retry'] },
  'rate-limited': { tag: m.failure_rate_limited_tag, title: m.failure_rate_limited_title, body: m.failure_rate_limited_body, tone: 'warn', remedies: ['retry'] },
  unsupported: { tag: m.failure_unsupported_tag, title: m.failure_unsupported_title, body: m.failure_unsupported_body, tone: 'bad', remedies: ['connection'] },
  changed: { tag: m.failure_changed_tag, title: m.failure_changed_title, body: m.failure_changed_body, tone: 'bad', remedies: ['retry'] },
  truncated: { tag: m.failure_truncated_tag, title: m.failure_truncated_title, body: m.failure_truncated_body, tone: 'warn', remedies: ['retry'] },
  'checksum-mismatch': { tag: m.failure_checksum_mismatch_tag, title: m.failure_checksum_mismatch_title, body: m.failure_checksum_mismatch_body, tone: 'bad', remedies: ['retry'] },
  'host-key-changed': { tag: m.failure_host_key_changed_tag, title: m.failure_host_key_changed_title, body: m.failure_host_key_changed_body, tone: 'bad', remedies: ['answer', 'connection'] },
  'host-key-unknown': { tag: m.failure_host_key_unknown_tag, title: m.failure_host_key_unknown_title, body: m.failure_host_key_unknown_body, tone: 'warn', remedies: ['answer', 'connection'] },
  unreachable: { tag: m.failure_unreachable_tag, title: m.failure_unreachable_title, body: m.failure_unreachable_body, tone: 'warn', remedies: ['retry', 'connection'] },
  'timed-out': { tag: m.failure_timed_out_tag, title: m.failure_timed_out_title, body: m.failure_timed_out_body, tone: 'warn', remedies: ['retry', 'connection'] },
  vendor: { tag: m.failure_vendor_tag, title: m.failure_vendor_title, body: m.failure_vendor_body, tone: 'bad', remedies: ['retry'] },
};

/** What is looked at, changed or tested at once has words of its own where those of a transfer would speak of a file on its way. */
const ASKED: Partial<Record<FailureKindView, Pick<Row, 'title' | 'body'>>> = {
  'not-found': { title: m.asked_not_found_title, body: m.asked_not_found_body },
  'already-exists': { title: m.failure_already_exists_title, body: m.asked_already_exists_body },
  denied: { title: m.asked_denied_title, body: m.asked_denied_body },
  invalid: { title: m.failure_invalid_title, body: m.asked_invalid_body },
  'too-large': { title: m.asked_too_large_title, body: m.asked_too_large_body },
  'quota-exceeded': { title: m.failure_quota_exceeded_title, body: m.asked_quota_exceeded_body },
  locked: { title: m.asked_locked_title, body: m.asked_locked_body },
  held: { title: m.asked_held_title, body: m.asked_held_body },
  'rate-limited': { title: m.failure_rate_limited_title, body: m.asked_rate_limited_body },
  unsupported: { title: m.failure_unsupported_title, body: m.asked_unsupported_body },
  changed: { title: m.asked_changed_title, body: m.asked_changed_body },
  truncated: { title: m.failure_truncated_title, body: m.asked_truncated_body },
  'checksum-mismatch': { title: m.failure_checksum_mismatch_title, body: m.asked_checksum_mismatch_body },
  unreachable: { title: m.failure_unreachable_title, body: m.asked_unreachable_body },
  'timed-out': { title: m.failure_timed_out_title, body: m.asked_timed_out_body },
  vendor: { title: m.failure_vendor_title, body: m.asked_vendor_body },
};

/** The code of a sign-in whose question nobody answered. */
const UNANSWERED = 'unanswered';
const UNASKED: Row = { tag: m.failure_unanswered_tag, title: m.failure_unanswered_title, body: m.failure_unanswered_body, tone: 'warn', remedies: ['answer', 'connection'] };

/** The code of a sign-in whose secret lies in a file that nobody has opened. */
const VAULT_CLOSED = 'vault-closed';
const CLOSED: Row = { tag: m.failure_vault_closed_tag, title: m.failure_vault_closed_title, body: m.failure_vault_closed_body, tone: 'warn', remedies: ['answer', 'connection'] };

/** The code of a sign-in whose secret lies in a keyring that does not answer. */
const KEYRING_SILENT = 'keyring-silent';
const SILENT: Row = { tag: m.failure_keyring_silent_tag, title: m.failure_keyring_silent_title, body: m.failure_keyring_silent_body, tone: 'warn', remedies: ['answer', 'secrets'] };

/** The code of a proxy on the way that takes no sign-in. */
const PROXY_SIGN_IN = 'proxy-sign-in';
const TURNED_BACK: Row = { tag: m.failure_proxy_sign_in_tag, title: m.failure_proxy_sign_in_title, body: m.failure_proxy_sign_in_body, tone: 'bad', remedies: ['network', 'retry'] };

/** The other end refused nothing there, whatever the kind says: its secret is not wrong, and the way on is another one. */
const BY_CODE: Record<string, Row | undefined> = { [UNANSWERED]: UNASKED, [VAULT_CLOSED]: CLOSED, [KEYRING_SILENT]: SILENT, [PROXY_SIGN_IN]: TURNED_BACK };

/** The row of a failure, and whether it is its code's own. */
function rowOf({ kind, code }: FailureView): { row: Row; own: boolean } {
  const own = code === null ? undefined : BY_CODE[code];
  return { row: own ?? TABLE[kind], own: own !== undefined };
}

/** Whether a passphrase is all that is missing. */
export function isVaultClosedFailure(failure: FailureView): boolean {
  return failure.code === VAULT_CLOSED;
}

/** Two or three words for a list. */
export function failureTag(failure: FailureView): { text: string; tone: 'warn' | 'bad' } {
  const { row } = rowOf(failure);
  return { text: row.tag(), tone: row.tone };
}

/** What was said of it, in the reader's language where it is one of ours, else in the words of whoever said it. */
export function failureWords({ said, message }: FailureView): string {
  return said ? sayIn(null, said) : message;
}

/**
 * The whole sentence: what happened, that nothing was lost, who can mend it, and the buttons. `asking`: nothing was on its
 * way, somebody looked, changed or tested something at once.
 */
export function describeFailure(
  failure: FailureView,
  ends: { name: string; source: string; destination: string },
  asking = false,
): { title: string; body: string; detail: string; tone: 'warn' | 'bad'; remedies: readonly Remedy[] } {
  const { row, own } = rowOf(failure);
  const places = { source: ends.source, destination: ends.destination, desk: m.this_computer() };
  const inputs = { name: ends.name, place: places[failure.side], side: failure.side };
  const said = failureWords(failure);
  const detail = failure.code === null ? said : `${said} (${failure.code})`;
  const words = (asking && !own && ASKED[failure.kind]) || row;
  return { title: words.title(inputs), body: words.body(inputs), detail, tone: row.tone, remedies: row.remedies };
}
