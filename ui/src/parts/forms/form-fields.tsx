import type { Draft, FieldDraft, Problems } from '@/domain/attributes';
import type { FormOfEntryView } from '@/ipc';
import { m } from '@/messages';
import { AttributeField } from './attribute-field';
import { FormShown } from './form-shown';
import styles from './forms.module.css';
import { type Emptying, ManyField } from './many-field';
import { Sent } from './sent';
import { type ToldForm, toldForm } from './told-apart';
import { wrongIn } from './wrong';

/** The fields of a form. That a required one is empty is said once somebody tried to send it. */
export function FormFields({
  filled: { form, values },
  tries,
  onSubmit,
  ...fields
}: {
  filled: FormOfEntryView;
  draft: Draft;
  problems: Problems;
  /** How often somebody tried to send it. */
  tries: number;
  /** The fields are those of several files at once. */
  emptying?: Emptying;
  onChange: (draft: Draft) => void;
  onSubmit: () => void;
}) {
  const first = form.attributes.find((one) => !one.readOnly)?.key ?? null;
  return (
    <Sent wrong={wrongIn([{ form, ...fields }])} tries={tries} onSubmit={onSubmit}>
      <div data-form={form.id} className={styles.form}>
        <Fields {...fields} filled={{ form: toldForm(form), values }} tried={tries > 0} focused={first} />
      </div>
    </Sent>
  );
}

/** The same fields without what surrounds them, under the names that they have. `focused` is the key of the one that begins with the focus. */
export function Fields({
  filled: { form, values },
  draft,
  problems,
  tried,
  emptying,
  focused,
  onChange,
}: {
  filled: { form: ToldForm; values: FormOfEntryView['values'] };
  draft: Draft;
  problems: Problems;
  tried: boolean;
  emptying?: Emptying;
  focused: string | null;
  onChange: (draft: Draft) => void;
}) {
  const shown: Problems = tried ? problems : new Map([...problems].filter(([, { code }]) => code !== 'required'));
  const written = form.attributes.filter((one) => !one.readOnly);
  const fixed = form.attributes.filter((one) => one.readOnly);
  return (
    <>
      {fixed.length > 0 && values.length > 0 ? (
        <div className={styles.fixed}>
          <p className={styles.said}>{m.form_read_only()}</p>
          <FormShown filled={{ form: { ...form, attributes: fixed }, values }} />
        </div>
      ) : null}
      {written.map((attribute) => {
        const field = draft[attribute.key];
        if (!field) return null;
        const change = (next: FieldDraft) => onChange({ ...draft, [attribute.key]: next });
        const autoFocus = attribute.key === focused;
        return emptying ? (
          <ManyField key={attribute.key} attribute={attribute} field={field} problems={shown} autoFocus={autoFocus} emptying={emptying} onChange={change} />
        ) : (
          <AttributeField key={attribute.key} attribute={attribute} field={field} at={attribute.key} problems={shown} autoFocus={autoFocus} onChange={change} />
        );
      })}
    </>
  );
}
