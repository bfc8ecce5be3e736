import { useId } from 'react';
import type { Draft } from '@/domain/attributes';
import { type FillingIn, firstMissing } from '@/domain/filling';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { m } from '@/messages';
import { Fields } from './form-fields';
import styles from './forms.module.css';
import { Sent } from './sent';
import { type ToldForm, toldForms } from './told-apart';
import { wrongIn } from './wrong';

/** Several forms that are sent together, each under its name. */
export function SeveralForms({
  forms,
  tries,
  leads = 0,
  startsFocused = false,
  onChange,
  onTakeOut,
  onSubmit,
}: {
  forms: readonly FillingIn[];
  /** How often somebody tried to send them. */
  tries: number;
  /** How often somebody asked for the way to the first thing that is wrong. */
  leads?: number;
  /** The first field that has to be filled in begins with the focus. */
  startsFocused?: boolean;
  onChange: (form: FillingIn, draft: Draft) => void;
  /** Takes out a form that was added; without it none is. */
  onTakeOut?: (form: FillingIn) => void;
  onSubmit: () => void;
}) {
  const missing = startsFocused ? firstMissing(forms) : null;
  const told = toldForms(forms.map(({ form }) => form));
  return (
    <Sent wrong={wrongIn(forms)} tries={tries} leads={leads} onSubmit={onSubmit}>
      {forms.map((one, index) => (
        <OneForm
          key={one.form.id}
          one={one}
          form={told[index] ?? one.form}
          tried={tries > 0}
          focused={missing?.form === one.form.id ? missing.key : null}
          onChange={(draft) => onChange(one, draft)}
          onTakeOut={one.added && onTakeOut ? () => onTakeOut(one) : null}
        />
      ))}
    </Sent>
  );
}

/** A form as a group, so that readers that speak name it with its fields. */
function OneForm({ one, form, tried, focused, onChange, onTakeOut }: { one: FillingIn; form: ToldForm; tried: boolean; focused: string | null; onChange: (draft: Draft) => void; onTakeOut: (() => void) | null }) {
  const title = useId();
  const name = shownName(form.name);
  return (
    <div role="group" aria-labelledby={title} data-form={form.id} className={styles.one}>
      <div className={styles.head}>
        <h3 id={title}>{name}</h3>
        {onTakeOut ? (
          <Button tone="quiet" aria-label={m.form_take_out_named({ form: name })} onPress={onTakeOut}>
            {m.form_take_out()}
          </Button>
        ) : null}
      </div>
      <Fields filled={{ form, values: [...one.given] }} draft={one.draft} problems={one.problems} tried={tried} focused={focused} onChange={onChange} />
    </div>
  );
}
