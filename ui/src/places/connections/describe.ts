// A connection in a line, from its settings and what its connector says about them. Knows no connector by name.
import type { SecretEnd } from '@/domain/expiry';
import { formatNumber } from '@/domain/measure';
import { formatDate, formatExact, formatMoment, formatRelative } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { AttentionKindView, AttentionView, ConnectionView, ConnectorSpecView, HealthView, SettingView, SignedInView } from '@/ipc';
import type { Tone } from '@/kit/tag';
import { describeFailure, failureTag, locale, m } from '@/messages';
import { attentionLine, hitchTexts } from '@/parts/attention-facts';
import { mapInALine } from './field-map/in-a-line';

/** What an address leads to, as people call it: the host, and the port where it has one of its own. */
function hostOf(value: string): string | null {
  const found = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#]+)/i.exec(value);
  return found?.[1] ?? null;
}

/** What a computer made up to tell one thing from another says nothing to a person. */
const isId = (value: string) => /^(?=.*\d)[0-9a-f]{16,}$/i.test(value) || /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(value) || /^\d{8,}$/.test(value);

/**
 * “Amazon S3, eu-central-1, evidence”: the title, and what a person knows it by, in the order of the form. Hosts stand for
 * addresses, ids are left out; all of it stands among the settings.
 */
export function whereLine(connection: { kind: string; settings: readonly SettingView[] }, spec: ConnectorSpecView | undefined): string {
  if (!spec) return connection.kind;
  const given = spec.fields
    .filter((field) => !field.advanced && ['text', 'folder'].includes(field.kind.type) && !/_(id|uri)$/.test(field.key))
    .map((field) => connection.settings.find((setting) => setting.key === field.key)?.value ?? '')
    .filter((value) => value !== '' && !isId(value))
    .map((value) => hostOf(value) ?? value);
  return [spec.title, ...new Set(given)].slice(0, 4).map(shownName).join(', ');
}

const HEALTH: Record<HealthView, { tone: Tone; word: () => string }> = {
  well: { tone: 'ok', word: m.health_well },
  untested: { tone: 'plain', word: m.health_untested },
  failed: { tone: 'bad', word: m.health_failed },
  stopped: { tone: 'bad', word: m.health_needs_attention },
};

/** How well it is, in the words of the open question or of what ends soon, where there is one. */
export function healthTag(
  connection: ConnectionView,
  question: AttentionView | undefined,
  end: SecretEnd | null,
): { tone: Tone; text: string } {
  const hitch = hitchTexts(question);
  if (hitch) return { tone: hitch.tone, text: hitch.tag() };
  switch (question?.kind) {
    case 'host-key-changed':
      return { tone: 'bad', text: m.health_key_changed() };
    case 'host-key-unknown':
      return { tone: 'warn', text: m.health_key_unknown() };
    case 'unauthenticated':
      return { tone: 'bad', text: m.health_signin() };
    default: {
      if (end?.look === 'over') return { tone: 'bad', text: m.health_secret_over() };
      const { tone, word } = HEALTH[connection.health];
      if (end?.look === 'soon' && tone === 'ok') return { tone: 'warn', text: m.health_secret_soon() };
      if (connection.health === 'failed' && connection.failure !== null) return failureTag(connection.failure);
      return { tone, text: word() };
    }
  }
}

/** A connection's own questions; the others belong to a transfer or to the desk. */
const QUESTIONS: Partial<Record<AttentionKindView, () => string>> = {
  'host-key-changed': m.sentence_key_changed,
  'host-key-unknown': m.sentence_key_unknown,
  unauthenticated: m.sentence_signin,
};

/** The same as a sentence: what it means, and what comes next. */
export function healthSentence(connection: ConnectionView, question: AttentionView | undefined, end: SecretEnd | null, now: number): string {
  if (question) return hitchTexts(question)?.sentence() ?? QUESTIONS[question.kind]?.() ?? attentionLine(question);
  if (end && end.look !== 'fine' && connection.health !== 'failed') return endLine(end, now);
  switch (connection.health) {
    case 'untested':
      return m.sentence_untested();
    case 'stopped':
      return m.sentence_stopped();
    case 'failed':
      return connection.failure === null
        ? m.sentence_failed()
        : describeFailure(connection.failure, { name: connection.name, source: connection.name, destination: connection.name }, true).title;
    case 'well':
      return connection.lastGoodAt === null ? m.sentence_well() : m.sentence_well_at({ when: formatRelative(connection.lastGoodAt, now, locale()) });
  }
}

const ENDS: Record<SecretEnd['of'], { will: (inputs: { when: string }) => string; did: (inputs: { when: string }) => string }> = {
  secret: { will: m.secret_ends, did: m.secret_ended },
  session: { will: m.session_ends, did: m.session_ended },
  certificate: { will: m.certificate_ends, did: m.certificate_ended },
};

/** “The certificate ends in 5 days, on 26 Nov.” */
export function endLine(end: SecretEnd, now: number): string {
  const relative = formatRelative(end.at, now, locale());
  const when = end.of === 'session' ? relative : m.when_on({ relative, day: formatDate(end.at, now, locale()) });
  return ENDS[end.of][end.look === 'over' ? 'did' : 'will']({ when });
}

/** “Until 14:05, renewed by itself”; nothing where nobody says when, and nothing renews it. */
export function signedInLine({ until, renews }: SignedInView, now: number): string | null {
  if (until === null) return renews ? m.signed_in_renews() : null;
  if (until <= now) return renews ? m.signed_in_next_call() : m.signed_in_over();
  const when = formatMoment(until, now, locale());
  return renews ? m.signed_in_until_renews({ when }) : m.signed_in_until({ when });
}

/** The exact moment, for the pointer. */
export function exactLine(connection: ConnectionView): string | undefined {
  return connection.lastGoodAt === null ? undefined : m.last_good({ at: formatExact(connection.lastGoodAt, locale()) });
}

export function latencyText(connection: ConnectionView): string | null {
  return connection.latencyMs === null ? null : m.latency({ ms: formatNumber(connection.latencyMs, locale()) });
}

/** A value as the form would show it. */
export function shownValue(spec: ConnectorSpecView | undefined, key: string, value: string): string {
  const kind = spec?.fields.find((field) => field.key === key)?.kind;
  if (kind?.type === 'flag') return value === 'true' ? m.setting_yes() : m.setting_no();
  if (kind?.type === 'choice') return kind.choices.find((choice) => choice.value === value)?.label ?? value;
  if (kind?.type === 'field-map') return mapInALine(value);
  // A pasted document has lines, and here is room for none.
  return shownName(value.replaceAll(/\s*\n\s*/g, ' '));
}

export function fieldLabel(spec: ConnectorSpecView | undefined, key: string): string {
  return spec?.fields.find((field) => field.key === key)?.label ?? key;
}

const VAULTS: Record<string, () => string> = { keyring: m.vault_keyring, file: m.vault_file, memory: m.vault_memory };

/** Where a secret lies, in words. */
export function vaultWord(vault: string): string {
  return VAULTS[vault]?.() ?? vault;
}

export type Sorting = 'name' | 'health' | 'used' | 'kind';

const RANK: Record<HealthView, number> = { stopped: 0, failed: 1, untested: 3, well: 4 };

/** By name within what is equal, so that nothing jumps. */
export function sorted(connections: readonly ConnectionView[], by: Sorting, ends: (one: ConnectionView) => SecretEnd | null): ConnectionView[] {
  const name = (a: ConnectionView, b: ConnectionView) => a.name.localeCompare(b.name, locale(), { numeric: true, sensitivity: 'base' });
  const rank = (one: ConnectionView) => Math.min(RANK[one.health], { over: 1, soon: 2, fine: 9 }[ends(one)?.look ?? 'fine']);
  const first: Record<Sorting, (a: ConnectionView, b: ConnectionView) => number> = {
    name: () => 0,
    health: (a, b) => rank(a) - rank(b),
    used: (a, b) => (b.lastGoodAt ?? 0) - (a.lastGoodAt ?? 0),
    kind: (a, b) => a.kind.localeCompare(b.kind),
  };
  return connections.toSorted((a, b) => first[by](a, b) || name(a, b));
}
