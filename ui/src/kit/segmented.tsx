import type { ReactNode } from 'react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import styles from './segmented.module.css';

export interface Segment<Id extends string> {
  id: Id;
  label: string;
  /** Drawn in place of the words, which then are read aloud only. */
  icon?: ReactNode;
  disabled?: boolean;
}

/** One of two to five ways to look at the same thing. Filters with counts are `Chips`. */
export function Segmented<Id extends string>({
  label,
  segments,
  chosen,
  onChoose,
}: {
  label: string;
  segments: readonly Segment<Id>[];
  chosen: Id;
  onChoose: (id: Id) => void;
}) {
  return (
    <ToggleButtonGroup
      aria-label={label}
      className={styles.segmented}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[chosen]}
      onSelectionChange={(keys) => {
        const id = segments.find((segment) => keys.has(segment.id))?.id;
        if (id && id !== chosen) onChoose(id);
      }}
    >
      {segments.map((segment) => (
        <ToggleButton
          key={segment.id}
          id={segment.id}
          className={styles.segment}
          isDisabled={segment.disabled ?? false}
          {...(segment.icon ? { 'aria-label': segment.label } : {})}
        >
          {segment.icon ?? segment.label}
        </ToggleButton>
      ))}
    </ToggleButtonGroup>
  );
}
