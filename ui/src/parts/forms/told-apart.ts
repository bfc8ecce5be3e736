// Forms and fields of one name, told apart by what the system has: the form, the place among those of that name, the key.
import { formatNumber } from '@/domain/measure';
import type { AttributeView, FormView } from '@/ipc';
import { locale, m } from '@/messages';

/** A field under the name that nothing beside it has. */
export interface ToldAttribute extends AttributeView {
  /** What its own name lacked: its place in the form, or the form. */
  told?: 'place' | 'form';
}

export interface ToldForm extends FormView {
  attributes: ToldAttribute[];
}

const n = (value: number) => formatNumber(value, locale());
/** As it is heard: neither case nor blanks tell two names apart. */
const heard = (name: string) => name.trim().replace(/\s+/g, ' ').toLocaleLowerCase(locale());

function counted(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(heard(name), (counts.get(heard(name)) ?? 0) + 1);
  return counts;
}

/** The fields of one form, or of the rows of a set. Told ones come out as they went in. */
function toldInForm(attributes: readonly ToldAttribute[]): ToldAttribute[] {
  const all = counted(attributes.map(({ name }) => name));
  const before = new Map<string, number>();
  return attributes.map((one) => {
    const kind = one.kind.type === 'set' ? { ...one.kind, attributes: toldInForm(one.kind.attributes) } : one.kind;
    // A field that has no name is called by its key.
    if (heard(one.name) === '') return { ...one, kind, name: one.key };
    const of = all.get(heard(one.name)) ?? 1;
    if (of === 1) return { ...one, kind };
    const nth = (before.get(heard(one.name)) ?? 0) + 1;
    before.set(heard(one.name), nth);
    return { ...one, kind, name: m.form_one_of({ name: one.name, n: n(nth), all: n(of) }), told: 'place' };
  });
}

/** A form whose fields all have names of their own. */
export const toldForm = (form: FormView): ToldForm => ({ ...form, attributes: toldInForm(form.attributes) });

/** By the ids of the forms; among forms of one name each has its id beside it. */
export function formNames(forms: readonly FormView[]): ReadonlyMap<string, string> {
  const all = counted(forms.map(({ name }) => name));
  return new Map(forms.map(({ id, name }) => [id, heard(name) === '' ? id : (all.get(heard(name)) ?? 1) > 1 ? m.form_with_id({ form: name, id }) : name]));
}

/** Forms that are filled in beside one another: a field that another form has as well is called by its form too. */
export function toldForms(forms: readonly FormView[]): ToldForm[] {
  const names = formNames(forms);
  const inForms = counted(forms.flatMap(({ attributes }) => [...new Set(attributes.map(({ name }) => heard(name)))]));
  return forms.map((form) => {
    const name = names.get(form.id) ?? form.name;
    const told = toldForm(form).attributes.map((one, at): ToldAttribute => {
      const own = heard(form.attributes[at]?.name ?? '');
      if (own === '' || (inForms.get(own) ?? 1) === 1) return one;
      return { ...one, name: m.form_field_in({ form: name, name: one.name }), told: one.told ?? 'form' };
    });
    return { ...form, name, attributes: told };
  });
}
