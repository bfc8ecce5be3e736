import { useState } from 'react';
import { Button } from '@/kit/button';
import { CommandPalette } from '@/kit/command-palette';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { CopyButton } from '@/kit/copy-button';
import { Dialog } from '@/kit/dialog';
import { KeyListDialog } from '@/kit/key-list';
import { toast, Toasts, undoToast } from '@/kit/toast';
import { Part } from './section';

const ITEMS = [
  { id: 'transfers', section: 'Places', label: 'Transfers', keys: 'Ctrl 1' },
  { id: 'connections', section: 'Places', label: 'Connections', keys: 'Ctrl 2' },
  { id: 'case', section: 'Cases', label: 'Matter 2291', detail: 'Hollis & Marsh LLP' },
  { id: 'add', section: 'Commands', label: 'Add a connection', keys: 'N' },
];

type Shown = 'dialog' | 'confirm' | 'typed' | 'palette' | 'keys';

/** What lies over the window. */
export function Overlays() {
  const [shown, setShown] = useState<Shown | null>(null);
  const close = () => setShown(null);
  return (
    <Part name="Over the window">
      <Button onPress={() => setShown('dialog')}>Dialog</Button>
      <Button onPress={() => setShown('confirm')}>Last question</Button>
      <Button onPress={() => setShown('typed')}>Last question, typed</Button>
      <Button onPress={() => setShown('palette')}>Command palette</Button>
      <Button onPress={() => setShown('keys')}>Keys</Button>
      <Button onPress={() => undoToast({ text: '3 items were filed', undoLabel: 'Undo', undo: () => {} })}>Undo notice</Button>
      <Button onPress={() => toast({ text: 'The disk is full', tone: 'bad' })}>Bad notice</Button>
      <CopyButton text="9f2c41aa" label="Copy" doneLabel="Copied" />
      {shown === 'dialog' ? (
        <Dialog title="Send files" onClose={close} closeLabel="Close" actions={<Button tone="go">Send</Button>}>
          Where to?
        </Dialog>
      ) : null}
      {shown === 'confirm' || shown === 'typed' ? (
        <ConfirmDialog
          title="Remove hm-court?"
          lost={{ title: 'What is lost', items: ['12 uploads that were begun', 'The pinned host key'] }}
          {...(shown === 'typed' ? { typed: { label: 'Type the name of the connection', text: 'hm-court' } } : {})}
          confirmLabel="Remove"
          cancelLabel="Keep it"
          onConfirm={close}
          onClose={close}
        >
          Files that arrived stay where they are.
        </ConfirmDialog>
      ) : null}
      {shown === 'palette' ? (
        <CommandPalette label="Find or do anything" items={ITEMS} recent={['case']} recentTitle="Last used" emptyText="Nothing fits." onChoose={() => {}} onClose={close} />
      ) : null}
      {shown === 'keys' ? (
        <KeyListDialog
          title="Keys"
          closeLabel="Close"
          onClose={close}
          groups={[{ id: 'here', title: 'In this place', keys: [{ keys: 'J  K', does: 'Next and previous row' }, { keys: 'Alt ↑ ↓', does: 'Move the row' }] }]}
        />
      ) : null}
      <Toasts label="Notices" dismissLabel="Dismiss" />
    </Part>
  );
}
