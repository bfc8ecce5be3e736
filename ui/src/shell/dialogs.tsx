import { useRouterState } from '@tanstack/react-router';
import { KeyListDialog } from '@/kit/key-list';
import { m } from '@/messages';
import { AttentionDialog } from '@/parts/attention-dialog';
import { AttentionListDialog } from '@/parts/attention-list-dialog';
import { closeDialog, useOpenDialog } from '@/parts/open-dialog';
import type { PlaceKey } from '@/parts/place';
import { SendDialog } from '@/parts/send-dialog';
import { VaultDialog } from '@/parts/vault-dialog';
import { places } from './places';

const EVERYWHERE: readonly PlaceKey[] = [
  { keys: 'Ctrl O', does: m.key_send },
  { keys: `Ctrl 1 … ${places.length}`, does: m.key_place },
  { keys: 'Ctrl I', does: m.key_attention },
  { keys: '?', does: m.key_help },
];

/** The one question that lies over the window. */
export function Dialogs() {
  const open = useOpenDialog();
  switch (open?.kind) {
    case undefined:
      return null;
    case 'send':
      return <SendDialog paths={open.paths} connection={open.connection} onClose={closeDialog} />;
    case 'attention':
      return <AttentionDialog key={open.id} id={open.id} onClose={closeDialog} />;
    case 'attention-list':
      return <AttentionListDialog onClose={closeDialog} />;
    case 'keys':
      return <KeysDialog />;
    case 'vault':
      return <VaultDialog onClose={closeDialog} />;
  }
}

function KeysDialog() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const here = places.find((place) => place.path === path)?.keys ?? [];
  const lines = (keys: readonly PlaceKey[]) => keys.map((key) => ({ keys: key.keys, does: key.does() }));
  return (
    <KeyListDialog
      title={m.keys_title()}
      closeLabel={m.close()}
      onClose={closeDialog}
      groups={[
        { id: 'here', title: m.keys_here(), keys: lines(here) },
        { id: 'everywhere', title: m.keys_everywhere(), keys: lines(EVERYWHERE) },
      ]}
    />
  );
}
