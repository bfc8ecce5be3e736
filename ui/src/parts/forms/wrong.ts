// What is not right yet in forms, by name, and the way there.
import type { Draft, Problems } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { AttributeView, FormView } from '@/ipc';
import { locale, m } from '@/messages';
import { formNames, toldForm } from './told-apart';

export interface Wrong {
  form: string;
  /** Its place in the form, as problems have it. */
  at: string;
  name: string;
}

const n = (value: number) => formatNumber(value, locale());

function wrongFields(attributes: readonly AttributeView[], draft: Draft, problems: Problems, before = ''): { at: string; name: string }[] {
  return attributes.flatMap((one) => {
    const field = draft[one.key];
    if (!field || one.readOnly) return [];
    const at = `${before}${one.key}`;
    const name = shownName(one.name);
    const own = problems.has(at) ? [{ at, name }] : [];
    const lines = field.lines.flatMap((line, index) =>
      problems.has(`${at}.${line.id}`) ? [{ at: `${at}.${line.id}`, name: one.most === 1 ? name : m.form_value_of({ name, n: n(index + 1) }) }] : [],
    );
    if (one.kind.type !== 'set') return [...own, ...lines];
    const { attributes: columns } = one.kind;
    const rows = field.rows.flatMap((row, index) =>
      wrongFields(columns, row.fields, problems, `${at}.${row.id}.`).map((inner) => ({ ...inner, name: m.form_field_in({ form: m.form_row_of({ name, n: n(index + 1) }), name: inner.name }) })),
    );
    return [...own, ...rows];
  });
}

/** In the order of the fields; where there are several forms each name begins with its form's. */
export function wrongIn(forms: readonly { form: FormView; draft: Draft; problems: Problems }[]): Wrong[] {
  const names = formNames(forms.map(({ form }) => form));
  return forms.flatMap(({ form, draft, problems }) =>
    wrongFields(toldForm(form).attributes, draft, problems).map(({ at, name }) => ({
      form: form.id,
      at,
      name: forms.length === 1 ? name : m.form_field_in({ form: shownName(names.get(form.id) ?? form.name), name }),
    })),
  );
}

const CONTROLS = ':is(input, textarea, button):not(:disabled)';

/** Gives the focus to what is meant, with its name in sight. */
export function goTo(within: HTMLElement | null, { form, at }: Wrong): void {
  const own = [...(within?.querySelectorAll<HTMLElement>('[data-form]') ?? [])].find((one) => one.dataset['form'] === form);
  const field = [...(own?.querySelectorAll<HTMLElement>('[data-at]') ?? [])].find((one) => one.dataset['at'] === at);
  const control = field?.querySelector<HTMLElement>(CONTROLS);
  control?.focus();
  // Its name stands above it, and what is wrong below.
  control?.parentElement?.closest('[data-rac], fieldset')?.scrollIntoView({ block: 'nearest' });
}
