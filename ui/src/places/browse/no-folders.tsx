import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { EmptyState } from '@/kit/empty-state';
import { m } from '@/messages';
import { openExchanges, openSend } from '@/parts/open-dialog';
import { abilities as abilitiesQuery } from '@/queries';

/** In place of a folder, of a connection that has none: what to do instead. */
export function NoFolders({ connection, name, title }: { connection: string; name: string; /** What people call its kind. */ title: string }) {
  const navigate = useNavigate();
  const writes = useQuery({ ...abilitiesQuery(connection), retry: false }).data?.write ?? false;
  const shown = shownName(name);
  return (
    <EmptyState
      title={m.browse_no_folders_title({ place: shown })}
      actions={
        <>
          {writes ? <Button onPress={() => openSend([], connection)}>{m.browse_no_folders_send()}</Button> : <Button onPress={() => openExchanges(name)}>{m.said_open_one()}</Button>}
          <Button tone="go" onPress={() => void navigate({ to: '/connections' as '/transfers', search: { chosen: connection } })}>
            {m.browse_no_folders_show()}
          </Button>
        </>
      }
    >
      {writes ? m.browse_no_folders_sends({ kind: title }) : m.browse_no_folders_body({ kind: title })}
    </EmptyState>
  );
}
