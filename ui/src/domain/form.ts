// A connection form drawn from what Rust says about the connector's fields.
import type { ConnectorSpecView, FieldSpecView, SettingView } from '@/ipc';

export type FormValues = Readonly<Record<string, string>>;

/**
 * What the form starts with: choices and flags, whose state is seen. A text or number that is left empty is not sent,
 * so that the connector's own default stays one.
 */
export function defaultsOf(spec: ConnectorSpecView): FormValues {
  const seen = spec.fields.filter((field) => field.kind.type === 'choice' || field.kind.type === 'flag');
  return Object.fromEntries(seen.flatMap((field) => (field.default === null ? [] : [[field.key, field.default]])));
}

/** Whether a field has a meaning for what was chosen so far. */
export function isShown(field: FieldSpecView, values: FormValues): boolean {
  return field.shownIf === null || field.shownIf.values.includes(values[field.shownIf.key] ?? '');
}

/** The required fields that are shown and empty. */
export function missing(spec: ConnectorSpecView, values: FormValues): string[] {
  return spec.fields
    .filter((field) => field.required && isShown(field, values) && !values[field.key])
    .map((field) => field.key);
}

/** What is sent: only shown fields with a value, secrets apart from settings. */
export function toDraft(
  spec: ConnectorSpecView,
  name: string,
  values: FormValues,
): { name: string; kind: string; settings: SettingView[]; secrets: SettingView[] } {
  const given = spec.fields.filter((field) => isShown(field, values) && values[field.key]);
  const pick = (secret: boolean) =>
    given
      .filter((field) => (field.kind.type === 'secret') === secret)
      .map((field) => ({ key: field.key, value: values[field.key] ?? '' }));
  return { name: name.trim(), kind: spec.kind, settings: pick(false), secrets: pick(true) };
}
