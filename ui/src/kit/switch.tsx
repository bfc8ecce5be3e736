import { SwitchButton, SwitchField, Text } from 'react-aria-components';
import field from './field.module.css';
import styles from './switch.module.css';

/** Something that is on or off, and is so at once. What waits for a button to be saved is a `Checkbox`. */
export function Switch({
  label,
  on,
  onChange,
  help,
  disabled = false,
}: {
  label: string;
  on: boolean;
  onChange: (on: boolean) => void;
  help?: string | undefined;
  disabled?: boolean;
}) {
  return (
    <SwitchField className={field.field} isSelected={on} onChange={onChange} isDisabled={disabled}>
      <SwitchButton className={styles.switch}>
        <span aria-hidden="true" className={styles.track}>
          <i className={styles.knob} />
        </span>
        {label}
      </SwitchButton>
      {help ? (
        <Text slot="description" className={`${field.help} ${styles.help}`}>
          {help}
        </Text>
      ) : null}
    </SwitchField>
  );
}
