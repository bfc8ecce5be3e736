import { useMutation } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import type { ConnectionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { removeConnection } from '@/queries';

/** Asks before a connection is forgotten, and says what waits for it. */
export function RemoveDialog({ connection, onClose }: { connection: ConnectionView; onClose: (removed: boolean) => void }) {
  const { name, waiting } = connection;
  const removing = useMutation({
    ...removeConnection,
    onSuccess: () => {
      toast({ text: m.removed_toast({ name }) });
      onClose(true);
    },
  });
  return (
    <Dialog
      title={m.remove_title({ name })}
      role="alertdialog"
      onClose={() => onClose(false)}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={() => onClose(false)}>{m.cancel()}</Button>
          <Button tone="bad" isDisabled={removing.isPending || waiting > 0} onPress={() => removing.mutate(connection.id)}>
            {m.remove_now()}
          </Button>
        </>
      }
    >
      {waiting > 0 ? (
        <Callout tone="warn" title={m.error_in_use_title({ name })}>
          <p>{m.remove_waiting({ count: waiting, n: formatNumber(waiting, locale()) })}</p>
        </Callout>
      ) : (
        <p>{m.remove_body()}</p>
      )}
      {removing.isError ? <ErrorNotice reason={removing.error} about={name} /> : null}
    </Dialog>
  );
}
