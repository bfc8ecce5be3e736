import { useRouterState } from '@tanstack/react-router';
import { type KeyLine, KeyListDialog } from '@/kit/key-list';
import { m } from '@/messages';
import { AttentionDialog } from '@/parts/attention-dialog';
import { type Reach, titleOf, useOffered } from '@/parts/commands';
import { ExchangesDialog } from '@/parts/exchanges';
import { closeDialog, useOpenDialog } from '@/parts/open-dialog';
import { SendDialog } from '@/parts/send-dialog';
import { VaultDialog } from '@/parts/vault-dialog';
import { Palette } from './palette';
import { aside, places } from './places';

/** The one question that lies over the window. */
export function Dialogs() {
  const open = useOpenDialog();
  switch (open?.kind) {
    case undefined:
      return null;
    case 'send':
      return <SendDialog paths={open.paths} loose={open.loose} connection={open.connection} folder={open.folder} onClose={closeDialog} />;
    case 'attention':
      return <AttentionDialog key={open.id} id={open.id} forAll={open.forAll} onClose={closeDialog} />;
    case 'keys':
      return <KeysDialog />;
    case 'palette':
      return <Palette />;
    case 'exchanges':
      return <ExchangesDialog connection={open.connection} onClose={closeDialog} />;
    case 'vault':
      return <VaultDialog onClose={closeDialog} />;
  }
}

/** What is listed is what acts: the commands that are offered now, and the keys that a list has of its own. */
function KeysDialog() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  const offers = useOffered();
  const own: KeyLine[] = ([...places, ...aside].find((place) => place.path === path)?.keys ?? []).map((key) => ({ keys: key.keys, does: key.does() }));
  const lines = (reach: Reach): KeyLine[] =>
    offers
      .filter((one) => one.reach === reach)
      .flatMap((one) => one.commands)
      .flatMap((command) => (command.keys === undefined ? [] : [{ keys: command.keys, does: titleOf(command) }]));
  const offered = lines('here');
  return (
    <KeyListDialog
      title={m.keys_title()}
      closeLabel={m.close()}
      onClose={closeDialog}
      groups={[
        { id: 'here', title: m.keys_here(), keys: [...own.filter((line) => !offered.some((one) => one.keys === line.keys)), ...offered] },
        { id: 'everywhere', title: m.keys_everywhere(), keys: lines('everywhere') },
      ]}
    />
  );
}
