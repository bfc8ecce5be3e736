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

/** Whether a field is folded away with those that most leave as they are. */
export function isFolded(field: FieldSpecView, values: FormValues): boolean {
  return field.advanced && !(field.unfoldedIf?.values.includes(values[field.unfoldedIf.key] ?? '') ?? false);
}

/** The required fields that are shown and empty. A kept secret is there. */
export function missing(spec: ConnectorSpecView, values: FormValues, fates: SecretFates = {}): string[] {
  return spec.fields
    .filter((field) => field.required && isShown(field, values) && !values[field.key] && fates[field.key] !== 'kept')
    .map((field) => field.key);
}

/** What is sent: only shown fields with a value, secrets apart from settings, and the sign-in in the browser by its id. */
export function toDraft(
  spec: ConnectorSpecView,
  name: string,
  values: FormValues,
  fates: SecretFates = {},
): { name: string; kind: string; settings: SettingView[]; secrets: SettingView[]; signedIn: string | null } {
  const given = spec.fields.filter((field) => isShown(field, values) && values[field.key]);
  const signIn = given.find((field) => field.kind.type === 'sign-in');
  const pick = (secret: boolean) =>
    given
      .filter((field) => field !== signIn && (field.kind.type === 'secret') === secret)
      .filter((field) => !secret || fates[field.key] === undefined || fates[field.key] === 'replaced')
      .map((field) => ({ key: field.key, value: values[field.key] ?? '' }));
  return { name: name.trim(), kind: spec.kind, settings: pick(false), secrets: pick(true), signedIn: signIn ? (values[signIn.key] ?? null) : null };
}

/** The sign-in in the browser that this form asks for. Its value is the id of one that is done. */
export function signInField(spec: ConnectorSpecView, values: FormValues): FieldSpecView | undefined {
  return spec.fields.find((field) => field.kind.type === 'sign-in' && isShown(field, values));
}

/** The form once it was saved: what its sign-in left lies in a vault and is renewed there, so it is not given once more. */
export function signInKept(spec: ConnectorSpecView, state: FormState): FormState {
  const key = spec.fields.find((field) => field.kind.type === 'sign-in')?.key;
  if (key === undefined || !state.values[key]) return state;
  return { ...state, values: { ...state.values, [key]: '' }, fates: { ...state.fates, [key]: 'kept' } };
}

/** Where these values lead, to be compared: a sign-in belongs to the place that it was made for. */
export function leadsOf(spec: ConnectorSpecView, values: FormValues): string {
  return JSON.stringify(spec.fields.filter((field) => field.leads).map((field) => (values[field.key] ?? '').trim()));
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
