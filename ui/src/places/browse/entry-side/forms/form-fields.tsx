import { useEffect, useRef } from 'react';
import type { Draft, FieldDraft, Problems } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import type { FormOfEntryView } from '@/ipc';
import { locale, m } from '@/messages';
import { AttributeField } from './attribute-field';
import { FormShown } from './form-shown';
import styles from './forms.module.css';
import { type Emptying, ManyField } from './many-field';

/** The fields of a form. That a required one is empty is said once somebody tried to send it. */
export function FormFields({
  filled: { form, values },
  draft,
  problems,
  tried,
  emptying,
  onChange,
  onSubmit,
}: {
  filled: FormOfEntryView;
  draft: Draft;
  problems: Problems;
  tried: boolean;
  /** The fields are those of several files at once. */
  emptying?: Emptying;
  onChange: (draft: Draft) => void;
  onSubmit: () => void;
}) {
  const fields = useRef<HTMLFormElement>(null);
  const shown: Problems = tried ? problems : new Map([...problems].filter(([, { code }]) => code !== 'required'));
  const stopped = tried && problems.size > 0;
  useEffect(() => {
    if (stopped) fields.current?.querySelector<HTMLElement>('[data-invalid] :is(input, textarea, button)')?.focus();
  }, [stopped]);
  const written = form.attributes.filter((one) => !one.readOnly);
  const fixed = form.attributes.filter((one) => one.readOnly);
  return (
    // Enter in a line sends, as the button below does.
    <form
      ref={fields}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {stopped ? (
        <p className={styles.problem} role="alert">
          {m.form_problems({ count: problems.size, n: formatNumber(problems.size, locale()) })}
        </p>
      ) : null}
      {fixed.length > 0 && values.length > 0 ? (
        <div className={styles.fixed}>
          <p className={styles.said}>{m.form_read_only()}</p>
          <FormShown filled={{ form: { ...form, attributes: fixed }, values }} />
        </div>
      ) : null}
      {written.map((attribute, at) => {
        const field = draft[attribute.key];
        if (!field) return null;
        const change = (next: FieldDraft) => onChange({ ...draft, [attribute.key]: next });
        return emptying ? (
          <ManyField key={attribute.key} attribute={attribute} field={field} problems={shown} autoFocus={at === 0} emptying={emptying} onChange={change} />
        ) : (
          <AttributeField key={attribute.key} attribute={attribute} field={field} at={attribute.key} problems={shown} autoFocus={at === 0} onChange={change} />
        );
      })}
      <button type="submit" hidden>
        {m.form_save()}
      </button>
    </form>
  );
}
