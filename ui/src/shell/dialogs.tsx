import { useRouterState } from '@tanstack/react-router';
import { Dialog } from '@/kit/dialog';
import { m } from '@/messages';
import { AttentionDialog } from '@/parts/attention-dialog';
import { AttentionListDialog } from '@/parts/attention-list-dialog';
import { closeDialog, useOpenDialog } from '@/parts/open-dialog';
import type { PlaceKey } from '@/parts/place';
import { SendDialog } from '@/parts/send-dialog';
import { VaultDialog } from '@/parts/vault-dialog';
import { places } from './places';
import styles from './window.module.css';

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
  return (
    <Dialog title={m.keys_title()} onClose={closeDialog} closeLabel={m.close()}>
      <div className={styles.keys}>
        <h3>{m.keys_here()}</h3>
        <KeyList keys={here} />
        <h3>{m.keys_everywhere()}</h3>
        <KeyList keys={EVERYWHERE} />
      </div>
    </Dialog>
  );
}

function KeyList({ keys }: { keys: readonly PlaceKey[] }) {
  return (
    <ul>
      {keys.map((key) => (
        <li key={key.keys} className={styles.keyLine}>
          <span>{key.does()}</span>
          <kbd>{key.keys}</kbd>
        </li>
      ))}
    </ul>
  );
}
