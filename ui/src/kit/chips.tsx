import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import styles from './chips.module.css';

export interface Chip<Id extends string> {
  id: Id;
  label: string;
  count?: string | undefined;
}

/** One choice out of a few, with how many each holds. */
export function Chips<Id extends string>({
  label,
  chips,
  chosen,
  onChoose,
}: {
  label: string;
  chips: readonly Chip<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles.chips}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const id = chips.find((chip) => keys.has(chip.id))?.id;
        if (id) onChoose(id);
      }}
    >
      {chips.map((chip) => (
        <ToggleButton key={chip.id} id={chip.id} className={styles.chip}>
          {chip.label}
          {chip.count ? <span>{chip.count}</span> : null}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
