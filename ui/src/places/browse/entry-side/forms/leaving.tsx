import { ConfirmDialog } from '@/kit/confirm-dialog';
import { m } from '@/messages';

/** What was typed would be lost. */
export function Leaving({ onLeave, onStay }: { onLeave: () => void; onStay: () => void }) {
  return (
    <ConfirmDialog title={m.form_leave_title()} confirmLabel={m.form_leave()} cancelLabel={m.form_stay()} onConfirm={onLeave} onClose={onStay}>
      <p>{m.form_leave_body()}</p>
    </ConfirmDialog>
  );
}
