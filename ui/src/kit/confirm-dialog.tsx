import { type ReactNode, useState } from 'react';
import { Button } from './button';
import styles from './confirm-dialog.module.css';
import { Dialog } from './dialog';
import { TextField } from './field';

/**
 * A last question before something that cannot be taken back. It says what is lost, and what is not. Where much hangs
 * on it, the name of the thing has to be typed; the button stays shut until it fits.
 */
export function ConfirmDialog({
  title,
  children,
  lost,
  typed,
  confirmLabel,
  cancelLabel,
  busy = false,
  onConfirm,
  onClose,
}: {
  title: string;
  children?: ReactNode;
  lost?: { title: string; items: readonly string[] };
  /** What has to be typed: `label` asks for it, `text` is the very text. */
  typed?: { label: string; text: string };
  confirmLabel: string;
  cancelLabel: string;
  /** It is being done. */
  busy?: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const fits = typed === undefined || text.trim() === typed.text;
  return (
    <Dialog
      role="alertdialog"
      tone="bad"
      title={title}
      onClose={onClose}
      closeLabel={cancelLabel}
      actions={
        <>
          {/* The harmless answer has the focus, so that Enter alone destroys nothing. */}
          <Button autoFocus={typed === undefined} onPress={onClose}>
            {cancelLabel}
          </Button>
          <Button tone="bad" isDisabled={!fits || busy} onPress={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children}
      {lost && lost.items.length > 0 ? (
        <section className={styles.lost}>
          <h3>{lost.title}</h3>
          <ul data-text>
            {lost.items.map((item) => (
              <li key={item}>{item}</li>
            ))}
          </ul>
        </section>
      ) : null}
      {typed ? (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            if (fits && !busy) onConfirm();
          }}
        >
          <TextField label={typed.label} value={text} onChange={setText} placeholder={typed.text} autoFocus />
        </form>
      ) : null}
    </Dialog>
  );
}
