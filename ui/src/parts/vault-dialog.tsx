import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { m } from '@/messages';
import { keys, openVault } from '@/queries';
import { ErrorNotice } from './error-notice';

/** No keyring answers here: the passphrase of the encrypted file, for as long as the desk runs. */
export function VaultDialog({ onClose }: { onClose: () => void }) {
  const [passphrase, setPassphrase] = useState('');
  const client = useQueryClient();
  const opening = useMutation({
    ...openVault,
    onSuccess: () => {
      for (const queryKey of [keys.about, keys.vaults]) void client.invalidateQueries({ queryKey });
      onClose();
    },
  });
  const refused = opening.isError ? toIpcError(opening.error) : null;
  // It was asked for, and given: so it was not the one.
  const wrong = refused?.code === 'vault' && refused.needsPassphrase;
  const open = () => {
    if (passphrase !== '') opening.mutate(passphrase);
  };
  return (
    <Dialog
      title={m.vault_title()}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.later()}</Button>
          <Button tone="go" isDisabled={passphrase === '' || opening.isPending} onPress={open}>
            {m.vault_open()}
          </Button>
        </>
      }
    >
      <p>{m.vault_body()}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          open();
        }}
      >
        <TextField label={m.vault_passphrase()} type="password" value={passphrase} onChange={setPassphrase} error={wrong ? m.vault_wrong() : undefined} autoFocus />
      </form>
      {opening.isError && !wrong ? <ErrorNotice reason={opening.error} about={m.vault_title()} /> : null}
    </Dialog>
  );
}
