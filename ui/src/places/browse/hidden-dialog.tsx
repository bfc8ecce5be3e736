import { useMutation } from '@tanstack/react-query';
import { lastName, shownName } from '@/domain/path';
import type { PlaceView, VersionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { deleteVersion } from '@/queries';

/** The path that was typed is that of a deleted file whose versions are kept: it can be brought back. */
export function HiddenDialog({ place, mark, where, onBack, onClose }: { place: PlaceView; mark: VersionView; where: string; onBack: () => void; onClose: () => void }) {
  const name = shownName(lastName(place.path));
  const bringing = useMutation({
    ...deleteVersion,
    onSuccess: () => {
      toast({ text: m.versions_undeleted({ name }) });
      onBack();
    },
  });
  return (
    <Dialog
      title={m.browse_hidden_title({ name })}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" autoFocus isDisabled={bringing.isPending} onPress={() => bringing.mutate({ place, id: mark.id })}>
            {m.versions_undelete()}
          </Button>
        </>
      }
    >
      <p>{m.browse_hidden_body()}</p>
      {bringing.isError ? <ErrorNotice reason={bringing.error} about={where} /> : null}
    </Dialog>
  );
}
