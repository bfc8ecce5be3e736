import { FieldError, Group, Input, Label, NumberField as AriaNumberField, Text } from 'react-aria-components';
import { cx } from './class-names';
import field from './field.module.css';
import styles from './number-field.module.css';
import { InlineSelect } from './select';

export interface Unit<Id extends string> {
  id: Id;
  label: string;
}

/**
 * A number with what it counts. One unit is drawn behind it; of several one is chosen, and changing the unit leaves
 * the number as it stands. Arrows step, Page Up and Down step by ten, typing is read as the language writes numbers.
 */
export function NumberField<Id extends string>({
  label,
  value,
  onChange,
  units,
  unit,
  onUnit,
  unitLabel,
  min,
  max,
  step,
  help,
  error,
  disabled = false,
}: {
  label: string;
  /** `null` while nothing is filled in. */
  value: number | null;
  onChange: (value: number | null) => void;
  units: readonly [Unit<Id>, ...Unit<Id>[]];
  unit: Id;
  onUnit?: (unit: Id) => void;
  /** What the choice of units is called, for readers that speak. */
  unitLabel?: string;
  min?: number;
  max?: number;
  step?: number;
  help?: string | undefined;
  error?: string | undefined;
  disabled?: boolean;
}) {
  const one = units.find((each) => each.id === unit) ?? units[0];
  return (
    <AriaNumberField
      className={field.field}
      value={value ?? Number.NaN}
      onChange={(next) => onChange(Number.isNaN(next) ? null : next)}
      isInvalid={error !== undefined}
      isDisabled={disabled}
      validationBehavior="aria"
      {...(min === undefined ? {} : { minValue: min })}
      {...(max === undefined ? {} : { maxValue: max })}
      {...(step === undefined ? {} : { step })}
    >
      <Label className={field.label}>{label}</Label>
      <Group className={styles.line}>
        <Input className={cx(field.input, styles.number)} />
        {units.length > 1 && onUnit ? (
          <InlineSelect name={unitLabel ?? label} options={units} value={unit} onChange={onUnit} disabled={disabled} />
        ) : (
          <span className={styles.unit}>{one.label}</span>
        )}
      </Group>
      {help ? (
        <Text slot="description" className={field.help}>
          {help}
        </Text>
      ) : null}
      <FieldError className={field.error}>{error}</FieldError>
    </AriaNumberField>
  );
}
