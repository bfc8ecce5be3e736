import { useState } from 'react';
import { TextField, type TextFieldProps } from '@/kit/field';

type Read = (text: string) => { value: string } | { wrong: string };

const trimmed: Read = (text) => ({ value: text.trim() });

/** A line of text that holds when it is left or by Enter; Escape takes the typing back. */
export function CommitField({
  value,
  onCommit,
  read = trimmed,
  className,
  ...rest
}: Omit<TextFieldProps, 'onChange'> & {
  onCommit: (value: string) => void;
  /** What was typed as it is kept, or what is wrong with it. */
  read?: Read;
  className?: string | undefined;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const [wrong, setWrong] = useState<string | undefined>();
  function commit() {
    if (typed === null) return;
    const taken = read(typed);
    if ('wrong' in taken) return setWrong(taken.wrong);
    setTyped(null);
    setWrong(undefined);
    if (taken.value !== value) onCommit(taken.value);
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- hears the keys of the field in it
    <div
      className={className}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit();
        if (event.key === 'Escape' && typed !== null) {
          event.stopPropagation();
          setTyped(null);
          setWrong(undefined);
        }
      }}
    >
      <TextField {...rest} value={typed ?? value} onChange={setTyped} error={wrong ?? rest.error} />
    </div>
  );
}
