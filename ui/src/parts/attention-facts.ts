// The facts of an Attention by their keys, and its line in a list.
import { lastName, shownName } from '@/domain/path';
import type { AttentionKindView, AttentionView } from '@/ipc';
import { m } from '@/messages';

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

export function attentionLine(attention: AttentionView): string {
  const place = attention.connectionName ?? m.this_computer();
  if (isUnanswered(attention)) return m.attention_unanswered({ place });
  return LINES[attention.kind]({ place, name: conflictName(attention) });
}
