import { Search, X } from 'lucide-react';
import { Button, Input, SearchField as AriaSearchField } from 'react-aria-components';
import type { Ref } from 'react';
import { Kbd } from './kbd';
import styles from './search-field.module.css';

/** A line that narrows a list while one types. Escape empties it, and so does the cross at its end. */
export function SearchField({
  label,
  value,
  onChange,
  shortcut,
  inputRef,
  onSubmit,
  onEscape,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  shortcut?: string;
  inputRef?: Ref<HTMLInputElement>;
  /** Enter. */
  onSubmit?: () => void;
  /** Escape, which empties the line as well. */
  onEscape?: () => void;
}) {
  return (
    <AriaSearchField aria-label={label} className={styles.search} value={value} onChange={onChange} {...(onSubmit ? { onSubmit } : {})} onKeyDown={(event) => event.key === 'Escape' && onEscape?.()}>
      <Search aria-hidden size={15} strokeWidth={1.75} />
      <Input ref={inputRef ?? null} className={styles.input} placeholder={label} />
      {shortcut && !value ? <Kbd>{shortcut}</Kbd> : null}
      {value ? (
        <Button className={styles.clear}>
          <X aria-hidden size={14} />
        </Button>
      ) : null}
    </AriaSearchField>
  );
}
