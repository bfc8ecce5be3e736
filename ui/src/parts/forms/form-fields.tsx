import { type ReactNode, useEffect, useRef } from 'react';
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
  tried,
  onSubmit,
  ...fields
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
  const first = fields.filled.form.attributes.find((one) => !one.readOnly)?.key ?? null;
  return (
    <Sent count={fields.problems.size} tried={tried} onSubmit={onSubmit}>
      <Fields {...fields} tried={tried} focused={first} />
    </Sent>
  );
}

/** What is sent together. Enter in a line sends it, as the button below does; where it cannot be, the first thing that is wrong has the focus. */
export function Sent({ count, tried, onSubmit, children }: { count: number; tried: boolean; onSubmit: () => void; children: ReactNode }) {
  const form = useRef<HTMLFormElement>(null);
  const stopped = tried && count > 0;
  useEffect(() => {
    if (!stopped) return;
    const wrong = form.current?.querySelector<HTMLElement>('[data-invalid] :is(input, textarea, button)');
    wrong?.focus();
    // Its name stands above it, and what is wrong below.
    wrong?.parentElement?.closest('[data-invalid]')?.scrollIntoView({ block: 'nearest' });
  }, [stopped]);
  return (
    <form
      ref={form}
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {stopped ? (
        <p className={styles.problem} role="alert">
          {m.form_problems({ count, n: formatNumber(count, locale()) })}
        </p>
      ) : null}
      {children}
      <button type="submit" hidden>
        {m.form_save()}
      </button>
    </form>
  );
}

/** The same fields without what surrounds them. `focused` is the key of the one that begins with the focus. */
export function Fields({
  filled: { form, values },
  draft,
  problems,
  tried,
  emptying,
  focused,
  onChange,
}: {
  filled: FormOfEntryView;
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
