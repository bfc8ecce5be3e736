import { ConfirmDialog } from '@/kit/confirm-dialog';
import { m } from '@/messages';

/** What was typed would be lost. `sending`: it was for files that are not sent then. */
export function Leaving({ sending = false, onLeave, onStay }: { sending?: boolean; onLeave: () => void; onStay: () => void }) {
  return (
    <ConfirmDialog title={sending ? m.metadata_leave_title() : m.form_leave_title()} confirmLabel={sending ? m.metadata_leave() : m.form_leave()} cancelLabel={m.form_stay()} onConfirm={onLeave} onClose={onStay}>
      <p>{sending ? m.metadata_leave_body() : m.form_leave_body()}</p>
    </ConfirmDialog>
  );
}
