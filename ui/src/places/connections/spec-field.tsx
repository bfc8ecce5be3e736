import { useMutation } from '@tanstack/react-query';
import type { SecretFate } from '@/domain/form';
import { formatNumber } from '@/domain/measure';
import type { FieldSpecView } from '@/ipc';
import { Button } from '@/kit/button';
import { Checkbox, TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { locale, m } from '@/messages';
import { pickPaths } from '@/queries';
import styles from './forms.module.css';

interface Props {
  field: FieldSpecView;
  value: string;
  error: string | undefined;
  onChange: (value: string) => void;
  /** What becomes of a secret that is kept; nothing where none is. */
  fate?: SecretFate | undefined;
  onFate: (fate: SecretFate) => void;
}

/** Connectors begin their help in the middle of a sentence. An address and what begins like a secret keep their letters. */
export function upper(help: string): string {
  if (/^[a-z]+(:\/\/|_)/.test(help)) return help;
  return help.slice(0, 1).toLocaleUpperCase(locale()) + help.slice(1);
}

/** One field of a connection form, drawn from what the connector says about it. */
export function SpecField({ field, value, error, onChange, fate, onFate }: Props) {
  const picking = useMutation({ ...pickPaths, onSuccess: ([path]: string[]) => path !== undefined && onChange(path) });
  const help = upper(field.help);
  const shared = { label: field.label, value, onChange, error, required: field.required, help };
  const placeholder = field.default === null ? undefined : m.field_default({ value: field.default });
  const { kind } = field;
  switch (kind.type) {
    case 'text':
      return <TextField {...shared} placeholder={placeholder} name={field.key} />;
    case 'number':
      return (
        <TextField
          {...shared}
          inputMode="numeric"
          name={field.key}
          placeholder={placeholder ?? m.field_range({ min: formatNumber(kind.min, locale()), max: formatNumber(kind.max, locale()) })}
        />
      );
    case 'secret':
      if (fate === 'kept' || fate === 'forgotten') return <KeptSecret field={field} fate={fate} onFate={onFate} />;
      return (
        <TextField
          {...shared}
          type="password"
          name={field.key}
          help={[help, m.field_secret_kept()].filter(Boolean).join('. ')}
          beside={
            fate === 'replaced' ? (
              <Button
                onPress={() => {
                  onChange('');
                  onFate('kept');
                }}
              >
                {m.secret_keep()}
              </Button>
            ) : null
          }
        />
      );
    case 'flag':
      return (
        <Checkbox label={field.label} help={help} checked={value === 'true'} onChange={(checked) => onChange(String(checked))} />
      );
    case 'choice':
      return (
        <Select
          label={field.label}
          help={help}
          error={error}
          value={value === '' ? null : value}
          placeholder={m.choice_none()}
          options={kind.choices.map((choice) => ({ id: choice.value, label: choice.label }))}
          onChange={onChange}
        />
      );
    case 'file':
    case 'folder':
      return (
        <TextField
          {...shared}
          name={field.key}
          placeholder={placeholder}
          beside={
            <Button isDisabled={picking.isPending} onPress={() => picking.mutate(kind.type)}>
              {m.choose()}
            </Button>
          }
        />
      );
    case 'sign-in':
    case 'field-map':
      // Drawn by the form, which knows where the connection leads, and the field of the sample.
      return null;
  }
}

/** A secret that lies in a vault: it is never shown, only replaced or forgotten. */
function KeptSecret({ field, fate, onFate }: { field: FieldSpecView; fate: 'kept' | 'forgotten'; onFate: (fate: SecretFate) => void }) {
  return (
    <div className={styles.kept} role="group" aria-label={field.label}>
      <span className={styles.label}>{field.label}</span>
      <span className={styles.keptLine}>
        <span className={styles.quiet}>{fate === 'kept' ? m.secret_is_kept() : m.secret_is_forgotten()}</span>
        {fate === 'kept' ? (
          <>
            <Button onPress={() => onFate('replaced')}>{m.secret_replace()}</Button>
            <Button tone="quiet" onPress={() => onFate('forgotten')}>
              {m.secret_forget()}
            </Button>
          </>
        ) : (
          <Button onPress={() => onFate('kept')}>{m.secret_keep()}</Button>
        )}
      </span>
    </div>
  );
}
