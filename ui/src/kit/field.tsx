import { type ReactNode, useEffect, useState } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea,
  TextField as AriaTextField,
  Checkbox as AriaCheckbox,
} from 'react-aria-components';
import { Check } from 'lucide-react';
import { cx } from './class-names';
import spoken from './spoken.module.css';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
  help?: string | undefined;
  error?: string | undefined;
  required?: boolean;
  disabled?: boolean;
  autoFocus?: boolean;
}

export interface TextFieldProps extends FieldProps {
  type?: 'text' | 'password' | 'date';
  inputMode?: 'text' | 'numeric';
  placeholder?: string | undefined;
  mono?: boolean;
  /** Text of several lines. */
  rows?: number | undefined;
  /** Stands beside the input: a button that picks a file. */
  beside?: ReactNode;
  /** Where the words above a list of lines say it already. */
  labelHidden?: boolean;
  name?: string | undefined;
  /** What is read aloud once the typing rests; it is drawn as the help or as what is wrong. */
  rested?: string | undefined;
}

/** A labelled line of text with its help and what is wrong with it. */
export function TextField({
  label,
  value,
  onChange,
  help,
  error,
  required = false,
  disabled = false,
  autoFocus = false,
  type = 'text',
  inputMode = 'text',
  placeholder,
  mono = false,
  rows,
  beside,
  labelHidden = false,
  name,
  rested,
}: TextFieldProps) {
  const input = cx(styles.input, mono && styles.mono);
  return (
    <AriaTextField
      className={styles.field}
      value={value}
      onChange={onChange}
      isInvalid={error !== undefined}
      isRequired={required}
      isDisabled={disabled}
      validationBehavior="aria"
      type={type}
      inputMode={inputMode}
      autoComplete="off"
      spellCheck="false"
      {...(name ? { name } : {})}
    >
      <Label className={labelHidden ? spoken.spoken : styles.label}>{label}</Label>
      <span className={styles.line}>
        {rows ? (
          <TextArea className={cx(input, styles.area)} rows={rows} autoFocus={autoFocus} placeholder={placeholder} />
        ) : (
          <Input className={input} autoFocus={autoFocus} placeholder={placeholder} />
        )}
        {beside}
      </span>
      {/* What comes while somebody types describes the field only where its place was there before. */}
      {help || rested !== undefined ? (
        <Text slot="description" className={styles.help}>
          {help}
        </Text>
      ) : null}
      <FieldError className={styles.error}>{error}</FieldError>
      {rested === undefined ? null : <Rested text={rested} />}
    </AriaTextField>
  );
}

const RESTS_MS = 1000;

function Rested({ text }: { text: string }) {
  // What stands there when it is drawn belongs to the description of the field already.
  const [said, setSaid] = useState({ text, aloud: false });
  useEffect(() => {
    if (text === said.text) return;
    const soon = setTimeout(() => setSaid({ text, aloud: true }), RESTS_MS);
    return () => clearTimeout(soon);
  }, [text, said.text]);
  return (
    <span role="status" className={spoken.spoken}>
      {said.aloud ? said.text : ''}
    </span>
  );
}

/** Yes or no, with its words beside the box. */
export function Checkbox({
  label,
  checked,
  onChange,
  help,
}: {
  label: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
  help?: string | undefined;
}) {
  return (
    <div className={styles.field}>
      <AriaCheckbox className={styles.checkbox} isSelected={checked} onChange={onChange}>
        <span className={styles.box}>
          <Check aria-hidden size={12} strokeWidth={3} />
        </span>
        {label}
      </AriaCheckbox>
      {help ? <span className={cx(styles.help, styles.indented)}>{help}</span> : null}
    </div>
  );
}
