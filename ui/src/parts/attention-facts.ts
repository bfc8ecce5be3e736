// The facts of an Attention by their keys, and its line in a list.
import { lastName, shownName } from '@/domain/path';
import { formatNumber } from '@/domain/measure';
import type { AttentionKindView, AttentionView, NeedKindView, NeedView } from '@/ipc';
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

/**
 * Why nobody is signed in although the other end refused nothing: it asked and got no answer, the secret lies in a closed
 * vault or in a keyring that keeps silent, or the proxy on the way turned everybody back.
 */
export type Hitch = 'unanswered' | 'vault-closed' | 'keyring-silent' | 'proxy-sign-in';

/** What is said of each, and of which weight it is. */
const HITCHES: Record<Hitch, HitchTexts> = {
  unanswered: {
    line: m.attention_unanswered, detail: m.need_unanswered, tag: m.failure_unanswered_tag, sentence: m.sentence_unanswered, tone: 'warn', answer: m.act_answer,
  },
  'vault-closed': {
    line: m.attention_vault_closed, detail: m.need_vault_closed, tag: m.failure_vault_closed_tag, sentence: m.sentence_vault_closed, tone: 'warn', answer: m.shell_vault_open,
  },
  'keyring-silent': {
    line: m.attention_keyring_silent, detail: m.need_keyring_silent, tag: m.failure_keyring_silent_tag, sentence: m.sentence_keyring_silent, tone: 'warn', answer: m.act_mend,
  },
  'proxy-sign-in': {
    line: m.attention_proxy_sign_in, detail: m.need_proxy_sign_in, tag: m.failure_proxy_sign_in_tag, sentence: m.sentence_proxy_sign_in, tone: 'bad', answer: m.act_mend,
  },
};

interface HitchTexts {
  line: (inputs: { place: string }) => string;
  /** That nothing is lost, and what mends it. */
  detail: () => string;
  /** Two or three words for a card. */
  tag: () => string;
  sentence: () => string;
  tone: 'bad' | 'warn';
  /** What the button says that leads on. */
  answer: () => string;
}

/** The hitch that a question is about; null where the other end itself refused, or something else is asked. */
export function hitchOf(attention: AttentionView): Hitch | null {
  if (attention.kind !== 'unauthenticated') return null;
  if (fact(attention, 'unanswered') !== null) return 'unanswered';
  if (fact(attention, 'proxy-sign-in') !== null) return 'proxy-sign-in';
  const vault = fact(attention, 'vault-closed');
  return vault === 'file' ? 'vault-closed' : vault === 'keyring' ? 'keyring-silent' : null;
}

/** Its words; null where the question has none of its own. */
export function hitchTexts(attention: AttentionView | undefined): HitchTexts | null {
  const hitch = attention === undefined ? null : hitchOf(attention);
  return hitch === null ? null : HITCHES[hitch];
}

export function attentionLine(attention: AttentionView): string {
  const place = attention.connectionName ?? m.this_computer();
  return hitchTexts(attention)?.line({ place }) ?? LINES[attention.kind]({ place, name: conflictName(attention) });
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
export function groupWords(group: Pick<NeedView, 'kind' | 'connection' | 'run' | 'count' | 'heldUp'>): GroupWords {
  const files = group.kind === 'conflict' || group.kind === 'failed' || group.kind === 'waiting-long';
  const count = files ? group.count : group.heldUp;
  return {
    place: shownName(group.connection?.name ?? m.this_computer()),
    run: shownName(group.run?.name ?? ''),
    count,
    n: formatNumber(count, locale()),
  };
}

/** `question` is the oldest of the group, where it is known. */
export function groupLine(group: Parameters<typeof groupWords>[0], question?: AttentionView): string {
  const words = groupWords(group);
  return hitchTexts(question)?.line(words) ?? GROUP_TEXTS[group.kind].title(words);
}

export function groupDetail(group: Parameters<typeof groupWords>[0], question?: AttentionView): string {
  return hitchTexts(question)?.detail() ?? GROUP_TEXTS[group.kind].detail(groupWords(group));
}

/** What the button says that answers it. */
export function answerLabel(question: AttentionView | undefined): string {
  return (hitchTexts(question)?.answer ?? m.act_answer)();
}
