import { countProblems, type FillingIn, firstMissing } from '@/domain/filling';
import type { Draft } from '@/domain/attributes';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { m } from '@/messages';
import { Fields, Sent } from './form-fields';
import styles from './forms.module.css';

/** Several forms that are sent together, each under its name. */
export function SeveralForms({
  forms,
  tried,
  startsFocused = false,
  onChange,
  onTakeOut,
  onSubmit,
}: {
  forms: readonly FillingIn[];
  tried: boolean;
  /** The first field that has to be filled in begins with the focus. */
  startsFocused?: boolean;
  onChange: (form: FillingIn, draft: Draft) => void;
  /** Takes out a form that was added; without it none is. */
  onTakeOut?: (form: FillingIn) => void;
  onSubmit: () => void;
}) {
  const missing = startsFocused ? firstMissing(forms) : null;
  return (
    <Sent count={countProblems(forms)} tried={tried} onSubmit={onSubmit}>
      {forms.map((one) => {
        const name = shownName(one.form.name);
        return (
          <section key={one.form.id} aria-label={name} className={styles.one}>
            <header className={styles.head}>
              <h3>{name}</h3>
              {one.added && onTakeOut ? (
                <Button tone="quiet" aria-label={m.form_take_out_named({ form: name })} onPress={() => onTakeOut(one)}>
                  {m.form_take_out()}
                </Button>
              ) : null}
            </header>
            <Fields
              filled={{ form: one.form, values: [...one.given] }}
              draft={one.draft}
              problems={one.problems}
              tried={tried}
              focused={missing?.form === one.form.id ? missing.key : null}
              onChange={(draft) => onChange(one, draft)}
            />
          </section>
        );
      })}
    </Sent>
  );
}
