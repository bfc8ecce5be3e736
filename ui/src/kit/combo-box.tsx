import { ChevronDown } from 'lucide-react';
import { Button, ComboBox as AriaComboBox, FieldError, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components';
import { cx } from './class-names';
import field from './field.module.css';
import styles from './combo-box.module.css';
import select from './select.module.css';

export interface Suggestion {
  /** What is taken. */
  id: string;
  /** What it stands for, beside it. */
  aside?: string | undefined;
}

/** A line of text with suggestions that typing narrows; anything else may be typed as well. */
export function ComboBox({
  label,
  value,
  onChange,
  suggestions,
  openLabel,
  help,
  error,
  placeholder,
  mono = false,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  suggestions: readonly Suggestion[];
  /** What the button that shows all is called. */
  openLabel: string;
  help?: string | undefined;
  error?: string | undefined;
  placeholder?: string | undefined;
  mono?: boolean;
}) {
  return (
    <AriaComboBox
      className={field.field}
      allowsCustomValue
      inputValue={value}
      onInputChange={onChange}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label className={field.label}>{label}</Label>
      <span className={styles.line}>
        <Input className={cx(field.input, styles.input, mono && field.mono)} spellCheck="false" {...(placeholder ? { placeholder } : {})} />
        {suggestions.length > 0 ? (
          <Button className={styles.open} aria-label={openLabel}>
            <ChevronDown aria-hidden size={14} />
          </Button>
        ) : null}
      </span>
      {help ? (
        <Text slot="description" className={field.help}>
          {help}
        </Text>
      ) : null}
      <FieldError className={field.error}>{error}</FieldError>
      <Popover className={cx(select.popover, styles.popover)} offset={4}>
        <ListBox className={select.list}>
          {suggestions.map(({ id, aside }) => (
            <ListBoxItem key={id} id={id} textValue={id} className={cx(select.option, styles.option)}>
              <span className={mono ? styles.mono : undefined}>{id}</span>
              {aside ? <span className={styles.aside}>{aside}</span> : null}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
