// A connection form drawn from what Rust says about the connector's fields.
import type { ConnectionView, ConnectorSpecView, FieldSpecView, SettingView } from '@/ipc';

export type FormValues = Readonly<Record<string, string>>;

/** What becomes of a secret that a vault holds already. Only a replaced one has a value in the form. */
export type SecretFate = 'kept' | 'replaced' | 'forgotten';

export type SecretFates = Readonly<Record<string, SecretFate>>;

/** Everything that somebody filled in. */
export interface FormState {
  name: string;
  values: FormValues;
  fates: SecretFates;
  /** The day on which the secrets end, as it is typed. */
  ends: string;
}

/**
 * What the form starts with: choices and flags, whose state is seen. A text or number that is left empty is not sent,
 * so that the connector's own default stays one.
 */
export function defaultsOf(spec: ConnectorSpecView): FormValues {
  const seen = spec.fields.filter((field) => field.kind.type === 'choice' || field.kind.type === 'flag');
  return Object.fromEntries(seen.flatMap((field) => (field.default === null ? [] : [[field.key, field.default]])));
}

/** The form of a connection that is there: its settings, and its secrets as kept. */
export function stateOf(connection: ConnectionView, ends: string): FormState {
  return {
    name: connection.name,
    values: Object.fromEntries(connection.settings.map(({ key, value }) => [key, value])),
    fates: Object.fromEntries(connection.secrets.map(({ key }) => [key, 'kept' as const])),
    ends,
  };
}

/** Whether a field has a meaning for what was chosen so far. */
export function isShown(field: FieldSpecView, values: FormValues): boolean {
  return field.shownIf === null || field.shownIf.values.includes(values[field.shownIf.key] ?? '');
}

/** The required fields that are shown and empty. A kept secret is there. */
export function missing(spec: ConnectorSpecView, values: FormValues, fates: SecretFates = {}): string[] {
  return spec.fields
    .filter((field) => field.required && isShown(field, values) && !values[field.key] && fates[field.key] !== 'kept')
    .map((field) => field.key);
}

/** What is sent: only shown fields with a value, secrets apart from settings. */
export function toDraft(
  spec: ConnectorSpecView,
  name: string,
  values: FormValues,
  fates: SecretFates = {},
): { name: string; kind: string; settings: SettingView[]; secrets: SettingView[] } {
  const given = spec.fields.filter((field) => isShown(field, values) && values[field.key]);
  const pick = (secret: boolean) =>
    given
      .filter((field) => (field.kind.type === 'secret') === secret)
      .filter((field) => !secret || fates[field.key] === undefined || fates[field.key] === 'replaced')
      .map((field) => ({ key: field.key, value: values[field.key] ?? '' }));
  return { name: name.trim(), kind: spec.kind, settings: pick(false), secrets: pick(true) };
}

/** The labels of the fields that say where a connection leads and would change. */
export function leadsElsewhere(spec: ConnectorSpecView, before: readonly SettingView[], values: FormValues): string[] {
  const old = new Map(before.map(({ key, value }) => [key, value]));
  return spec.fields.filter((field) => field.leads && (old.get(field.key) ?? '') !== (values[field.key] ?? '')).map((field) => field.label);
}

/** A name that nobody has: the wanted one, or with a number behind it. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const small = new Set(taken.map((name) => name.toLowerCase()));
  let name = wanted;
  for (let number = 2; small.has(name.toLowerCase()); number += 1) name = `${wanted}-${number}`;
  return name;
}
