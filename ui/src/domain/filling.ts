// What a send gives its files: the forms that the folder asks for and those that somebody added, with what was typed into them.
import type { ExpectedFormView, FilledFormDraft, FormView, NamedValueView } from '@/ipc';
import { changes, type Draft, draftOf, type FieldDraft, type Problems, problemsOf } from './attributes';

/** A form as it stands before anybody typed. */
export interface FormToFill {
  form: FormView;
  /** The values that come with the folder. */
  given: readonly NamedValueView[];
  /** The folder does not ask for it. */
  added: boolean;
  before: Draft;
}

export interface FillingIn extends FormToFill {
  draft: Draft;
  problems: Problems;
  /** What is another than what comes with the folder. */
  values: readonly NamedValueView[];
}

/** The fields that somebody changed, by form and key. They stay while the folder, and with it what is given, changes. */
export type Touched = Readonly<Record<string, Readonly<Record<string, FieldDraft>>>>;

/** Those that lack something come first; what was added and is asked for as well stands there once. */
export function formsToFill(expected: readonly ExpectedFormView[], added: readonly FormView[]): FormToFill[] {
  const asked = expected.toSorted((a, b) => Number(b.lacks) - Number(a.lacks));
  const more = added.filter((form) => expected.every((one) => one.form.id !== form.id));
  return [
    ...asked.map(({ form, given }) => ({ form, given, added: false, before: draftOf(form.attributes, given) })),
    ...more.map((form) => ({ form, given: [], added: true, before: draftOf(form.attributes, []) })),
  ];
}

export function fillingIn(forms: readonly FormToFill[], touched: Touched): FillingIn[] {
  return forms.map((one) => {
    const { attributes } = one.form;
    const kept = Object.entries(touched[one.form.id] ?? {}).filter(([key]) => one.before[key] !== undefined);
    const draft = { ...one.before, ...Object.fromEntries(kept) };
    return { ...one, draft, problems: problemsOf(attributes, one.before, draft), values: changes(attributes, one.before, draft) };
  });
}

/** Remembers which fields of a form are other ones now. */
export function touchedBy({ form, draft }: FillingIn, next: Draft, touched: Touched): Touched {
  const other = Object.entries(next).filter(([key, field]) => draft[key] !== field);
  return { ...touched, [form.id]: { ...touched[form.id], ...Object.fromEntries(other) } };
}

/** What is sent: only what was changed or filled, and each form that was added. */
export function filledDrafts(forms: readonly FillingIn[]): FilledFormDraft[] {
  return forms.filter(({ added, values }) => added || values.length > 0).map(({ form, values }) => ({ form: form.id, values: [...values] }));
}

export function countProblems(forms: readonly FillingIn[]): number {
  return forms.reduce((sum, { problems }) => sum + problems.size, 0);
}

/** The first field that has to be filled in and is not: its form and its key. */
export function firstMissing(forms: readonly FillingIn[]): { form: string; key: string } | null {
  for (const { form, problems } of forms) {
    const found = form.attributes.find(({ key }) => problems.get(key)?.code === 'required');
    if (found) return { form: form.id, key: found.key };
  }
  return null;
}

/** How many required fields have no value yet: all of them, and those of forms that nobody asked for. */
export function missingIn(forms: readonly FillingIn[]): { all: number; added: number } {
  const counts = forms.map(({ added, problems }) => ({ added, lacks: [...problems.values()].filter(({ code }) => code === 'required').length }));
  const sum = (of: typeof counts) => of.reduce((so, { lacks }) => so + lacks, 0);
  return { all: sum(counts), added: sum(counts.filter(({ added }) => added)) };
}
