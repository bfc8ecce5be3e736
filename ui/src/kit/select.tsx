import { ChevronDown } from 'lucide-react';
import {
  Select as AriaSelect,
  Button,
  FieldError,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  SelectValue,
  Text,
} from 'react-aria-components';
import field from './field.module.css';
import styles from './select.module.css';
import spoken from './spoken.module.css';

export interface Option<Id extends string> {
  id: Id;
  label: string;
}

/** One of a list. */
export function Select<Id extends string>({
  label,
  options,
  value,
  onChange,
  help,
  error,
  placeholder,
  required = false,
  labelHidden = false,
  autoFocus = false,
}: {
  label: string;
  options: readonly Option<Id>[];
  value: Id | null;
  onChange: (id: Id) => void;
  help?: string | undefined;
  error?: string | undefined;
  placeholder?: string;
  required?: boolean;
  /** Where the words above a list of lines say it already. */
  labelHidden?: boolean;
  autoFocus?: boolean;
}) {
  return (
    <AriaSelect
      className={field.field}
      autoFocus={autoFocus}
      value={value}
      onChange={(key) => {
        const option = options.find((one) => one.id === key);
        if (option) onChange(option.id);
      }}
      isInvalid={error !== undefined}
      isRequired={required}
      validationBehavior="aria"
      {...(placeholder ? { placeholder } : {})}
    >
      <Label className={labelHidden ? spoken.spoken : field.label}>{label}</Label>
      <Button className={styles.trigger}>
        <SelectValue className={styles.value} />
        <ChevronDown aria-hidden size={14} />
      </Button>
      {help ? (
        <Text slot="description" className={field.help}>
          {help}
        </Text>
      ) : null}
      <FieldError className={field.error}>{error}</FieldError>
      <Options options={options} />
    </AriaSelect>
  );
}

/** The same in the line of another field, which has the label: as wide as its words, and named for readers that speak. */
export function InlineSelect<Id extends string>({
  name,
  options,
  value,
  onChange,
  disabled = false,
}: {
  name: string;
  options: readonly Option<Id>[];
  value: Id;
  onChange: (id: Id) => void;
  disabled?: boolean;
}) {
  return (
    <AriaSelect
      aria-label={name}
      className={styles.inline}
      value={value}
      isDisabled={disabled}
      onChange={(key) => {
        const option = options.find((one) => one.id === key);
        if (option) onChange(option.id);
      }}
    >
      <Button className={styles.trigger}>
        <SelectValue className={styles.value} />
        <ChevronDown aria-hidden size={14} />
      </Button>
      <Options options={options} />
    </AriaSelect>
  );
}

function Options({ options }: { options: readonly Option<string>[] }) {
  return (
    <Popover className={styles.popover} offset={4}>
      <ListBox className={styles.list}>
        {options.map((option) => (
          <ListBoxItem key={option.id} id={option.id} textValue={option.label} className={styles.option}>
            {option.label}
          </ListBoxItem>
        ))}
      </ListBox>
    </Popover>
  );
}
