import { useEffect, useRef, useState } from 'react';
import { m } from '@/messages';
import styles from './browse.module.css';

/** A name where it stands, to be typed anew. Enter takes it, Escape leaves it; so does going elsewhere. */
export function RenameField({ name, onDone }: { name: string; onDone: (name: string | null) => void }) {
  const [text, setText] = useState(name);
  const input = useRef<HTMLInputElement>(null);
  const done = useRef(false);
  useEffect(() => {
    // The name without its ending: what people mean to change.
    const dot = name.lastIndexOf('.');
    input.current?.focus();
    input.current?.setSelectionRange(0, dot > 0 ? dot : name.length);
  }, [name]);
  function finish(to: string | null) {
    if (done.current) return;
    done.current = true;
    onDone(to === null || to === '' || to === name ? null : to);
  }
  return (
    <input
      ref={input}
      aria-label={m.browse_rename_label()}
      className={styles.rename}
      value={text}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => setText(event.target.value)}
      onClick={(event) => event.stopPropagation()}
      onDoubleClick={(event) => event.stopPropagation()}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key === 'Enter') finish(text);
        else if (event.key === 'Escape') finish(null);
        else return;
        event.preventDefault();
      }}
      onBlur={() => finish(null)}
    />
  );
}
