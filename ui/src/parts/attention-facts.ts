// The facts of an Attention by their keys, and its line in a list.
import { lastName, shownName } from '@/domain/path';
import { formatNumber } from '@/domain/measure';
import type { AttentionGroupView, AttentionKindView, AttentionView, NeedKindView } from '@/ipc';
import { locale, m } from '@/messages';

export function fact(attention: AttentionView, key: string): string | null {
  return attention.facts.find((one) => one.key === key)?.value ?? null;
}

/** A fact that is a whole number: bytes, a moment. */
export function numberFact(attention: AttentionView, key: string): number | null {
  const text = fact(attention, key);
  const value = text === null || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : null;
}

const LINES: Record<AttentionKindView, (inputs: { place: string; name: string }) => string> = {
  'host-key-unknown': m.attention_host_key_unknown,
  'host-key-changed': m.attention_host_key_changed,
  unauthenticated: m.attention_unauthenticated,
  conflict: m.attention_conflict,
  'disk-full': m.attention_disk_full,
  'database-restored': m.attention_database_restored,
};

/** The file that a conflict is about. */
export function conflictName(attention: AttentionView): string {
  return shownName(lastName(fact(attention, 'path') ?? ''));
}

/** Whether a server asked and nobody answered: nothing was refused. */
export function isUnanswered(attention: AttentionView): boolean {
  return attention.kind === 'unauthenticated' && fact(attention, 'unanswered') !== null;
}

/** Whether the secrets could not be had because their vault is closed: nothing was refused. */
export function isVaultClosed(attention: AttentionView): boolean {
  return attention.kind === 'unauthenticated' && fact(attention, 'vault-closed') === 'file';
}

export function attentionLine(attention: AttentionView): string {
  const place = attention.connectionName ?? m.this_computer();
  if (isUnanswered(attention)) return m.attention_unanswered({ place });
  if (isVaultClosed(attention)) return m.attention_vault_closed({ place });
  return LINES[attention.kind]({ place, name: conflictName(attention) });
}

/** What stands for many: a run of conflicts, a connection with what waits for it. */
export interface GroupWords {
  place: string;
  run: string;
  n: string;
  count: number;
}

interface GroupText {
  title: (words: GroupWords) => string;
  /** What it holds up, that nothing is lost, and who can mend it. */
  detail: (words: GroupWords) => string;
}

export const GROUP_TEXTS: Record<NeedKindView, GroupText> = {
  'host-key-changed': { title: m.attention_host_key_changed, detail: m.need_host_key_changed },
  'host-key-unknown': { title: m.attention_host_key_unknown, detail: m.need_host_key_unknown },
  unauthenticated: { title: m.attention_unauthenticated, detail: m.need_unauthenticated },
  conflict: { title: m.need_conflict_title, detail: m.need_conflict },
  'disk-full': { title: m.need_disk_full_title, detail: m.need_disk_full },
  'database-restored': { title: m.attention_database_restored, detail: m.need_database_restored },
  failed: { title: m.need_failed_title, detail: m.need_failed },
  'waiting-long': { title: m.need_waiting_title, detail: m.need_waiting },
  'secret-ending': { title: m.need_secret_ending_title, detail: m.need_secret_ending },
  'secret-ended': { title: m.need_secret_ended_title, detail: m.need_secret_ended },
  'session-ending': { title: m.need_session_ending_title, detail: m.need_session },
  'session-ended': { title: m.need_session_ended_title, detail: m.need_session },
  'certificate-ending': { title: m.need_certificate_ending_title, detail: m.need_certificate },
  'certificate-ended': { title: m.need_certificate_ended_title, detail: m.need_certificate },
};

/** A sentence about files counts those that ask; one about a connection those that wait for it. */
export function groupWords(group: Pick<AttentionGroupView, 'connection' | 'run' | 'count' | 'heldUp'> & { kind: NeedKindView }): GroupWords {
  const files = group.kind === 'conflict' || group.kind === 'failed' || group.kind === 'waiting-long';
  const count = files ? group.count : group.heldUp;
  return {
    place: shownName(group.connection?.name ?? m.this_computer()),
    run: shownName(group.run?.name ?? ''),
    count,
    n: formatNumber(count, locale()),
  };
}

/** A sign-in that nobody refused: its question says what it waits for. */
function waitingFor(question: AttentionView | undefined): GroupText | null {
  if (question && isVaultClosed(question)) return { title: m.attention_vault_closed, detail: m.need_vault_closed };
  if (question && isUnanswered(question)) return { title: m.attention_unanswered, detail: m.need_unanswered };
  return null;
}

/** `question` is the oldest of the group, where it is known. */
export function groupLine(group: Parameters<typeof groupWords>[0], question?: AttentionView): string {
  return (waitingFor(question) ?? GROUP_TEXTS[group.kind]).title(groupWords(group));
}

export function groupDetail(group: Parameters<typeof groupWords>[0], question?: AttentionView): string {
  return (waitingFor(question) ?? GROUP_TEXTS[group.kind]).detail(groupWords(group));
}

/** What the button says that answers it. */
export function answerLabel(question: AttentionView | undefined): string {
  return question && isVaultClosed(question) ? m.shell_vault_open() : m.act_answer();
}
