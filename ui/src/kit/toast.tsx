import { X } from 'lucide-react';
import {
  Text,
  UNSTABLE_Toast as AriaToast,
  UNSTABLE_ToastContent as ToastContent,
  UNSTABLE_ToastQueue as ToastQueue,
  UNSTABLE_ToastRegion as ToastRegion,
} from 'react-aria-components';
import { Button, IconButton } from './button';
import { cx } from './class-names';
import styles from './toast.module.css';

export interface Toast {
  text: string;
  tone?: 'plain' | 'bad';
  action?: { label: string; run: () => void };
}

const queue = new ToastQueue<Toast>({ maxVisibleToasts: 3 });

/**
 * Says something that needs no answer; what needs one is an Attention, never a toast alone. What comes back takes it away
 * before its time, where it is no longer true. `onClosed` hears when it is gone, however that came.
 */
export function toast(notice: Toast, onClosed?: () => void): () => void {
  const key = queue.add(notice, { timeout: notice.tone === 'bad' ? 12_000 : 6000, ...(onClosed ? { onClose: onClosed } : {}) });
  return () => queue.close(key);
}

/**
 * Something was done that can still be taken back. It stays long enough to be read and reached by keyboard (F6), and
 * the way back is offered once: a second press finds it gone.
 */
export function undoToast({ text, undoLabel, undo }: { text: string; undoLabel: string; undo: () => void }): void {
  queue.add({ text, action: { label: undoLabel, run: undo } }, { timeout: 10_000 });
}

/** Takes all notices away. */
export function clearToasts(): void {
  queue.clear();
}

export function Toasts({ label, dismissLabel }: { label: string; dismissLabel: string }) {
  return (
    <ToastRegion queue={queue} aria-label={label} className={styles.region}>
      {({ toast: one }) => (
        <AriaToast toast={one} className={cx(styles.toast, one.content.tone === 'bad' && styles.bad)}>
          <ToastContent className={styles.content}>
            <Text slot="title">{one.content.text}</Text>
          </ToastContent>
          {one.content.action ? (
            <Button
              tone="quiet"
              onPress={() => {
                one.content.action?.run();
                queue.close(one.key);
              }}
            >
              {one.content.action.label}
            </Button>
          ) : null}
          <IconButton label={dismissLabel} onPress={() => queue.close(one.key)}>
            <X aria-hidden size={15} />
          </IconButton>
        </AriaToast>
      )}
    </ToastRegion>
  );
}
