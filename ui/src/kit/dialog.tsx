import { X } from 'lucide-react';
import { createContext, type ReactNode, useContext } from 'react';
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from 'react-aria-components';
import { IconButton } from './button';
import { cx } from './class-names';
import styles from './dialog.module.css';

/** What is to be known about the whole window while a dialog lies over it and hides the place where it stands otherwise. */
export const OverDialogs = createContext<ReactNode>(null);

/** A question that has to be answered before anything else. Escape closes it without an answer. */
export function Dialog({
  title,
  tone,
  children,
  actions,
  onClose,
  closeLabel,
  wide = false,
  role = 'dialog',
}: {
  title: string;
  tone?: 'bad' | undefined;
  children: ReactNode;
  /** The buttons, the primary one last. */
  actions?: ReactNode;
  onClose: () => void;
  closeLabel: string;
  /** `list` is for what is read line by line, and takes most of the window. */
  wide?: boolean | 'list';
  role?: 'dialog' | 'alertdialog';
}) {
  return (
    <ModalOverlay
      isOpen
      isDismissable={role === 'dialog'}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      className={styles.scrim}
    >
      <Modal className={cx(styles.modal, wide === 'list' ? styles.list : wide && styles.wide)}>
        <AriaDialog role={role} className={styles.dialog}>
          <header className={styles.header}>
            <Heading slot="title" className={cx(styles.title, tone === 'bad' && styles.bad)}>
              {title}
            </Heading>
            <IconButton label={closeLabel} onPress={onClose}>
              <X aria-hidden size={16} />
            </IconButton>
          </header>
          <div role="status" className={styles.known}>
            {useContext(OverDialogs)}
          </div>
          <div className={styles.body}>{children}</div>
          {actions ? <footer className={styles.actions}>{actions}</footer> : null}
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
