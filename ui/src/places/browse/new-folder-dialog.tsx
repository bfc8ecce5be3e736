import { useState } from 'react';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import type { Acts } from './use-acts';

export function NewFolderDialog({ acts, name, onClose }: { acts: Acts; name: string; onClose: () => void }) {
  const [text, setText] = useState('');
  const wrong = text.includes('/') ? m.browse_name_slash() : undefined;
  const ready = text.trim() !== '' && wrong === undefined && !acts.making.pending;
  return (
    <Dialog
      title={m.browse_new_folder()}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={!ready} onPress={() => acts.make(text)}>
            {m.browse_make()}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) acts.make(text);
        }}
      >
        <TextField label={m.browse_folder_name()} value={text} onChange={setText} error={wrong} autoFocus />
      </form>
      {acts.making.error ? <ErrorNotice reason={acts.making.error} about={name} /> : null}
    </Dialog>
  );
}
