import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { OverDialogs } from '@/kit/dialog';
import { PageTools } from '@/kit/page';
import { Toasts } from '@/kit/toast';
import { m } from '@/messages';
import { openExchanges, openKeys, openPalette, openSend, openVaultQuestion } from '@/parts/open-dialog';
import { type Command, useCommandKeys, useCommands } from '@/parts/commands';
import { MetadataQuestion } from '@/parts/metadata';
import { ConnectionTasks } from '@/places/connections';
import { about } from '@/queries';
import { Dialogs } from './dialogs';
import { Drops } from './drops';
import { places } from './places';
import { Questions } from './questions';
import { Rail } from './rail';
import { Pressing, Strip } from './strip';
import { System } from './system';
import { Tools } from './tools';
import styles from './window.module.css';

const COMMANDS: readonly Command[] = [
  { id: 'window.send', title: m.send_files, keys: 'Ctrl O', run: () => openSend([], null) },
  { id: 'window.find', title: m.palette_label, keys: 'Ctrl K', run: openPalette, keyOnly: true },
  { id: 'window.exchanges', title: m.said_title, words: ['http', 'log', 'inspector'], run: () => openExchanges(null) },
  { id: 'window.keys', title: m.key_help, keys: '?', run: openKeys },
];

/** So long after the first place was drawn the others begin to read. */
const AHEAD_MS = 500;

const PRESSING = <Pressing />;

/** The rail, the place, and what may lie over them. */
export function Window() {
  useCommandKeys();
  useCommands(COMMANDS, 'everywhere');
  useCommands(usePlaceKeys(), 'everywhere');
  const locked = useQuery(about).data?.needsPassphrase ?? false;
  useEffect(() => {
    if (locked) openVaultQuestion();
  }, [locked]);
  const client = useQueryClient();
  useEffect(() => {
    const soon = setTimeout(() => places.forEach((place) => place.ahead?.(client)), AHEAD_MS);
    return () => clearTimeout(soon);
  }, [client]);
  return (
    <OverDialogs value={PRESSING}>
      <div className={styles.window}>
        <Rail />
        <div className={styles.here}>
          <Strip />
          <PageTools value={<Tools />}>
            <Outlet />
          </PageTools>
        </div>
        <Drops />
        <ConnectionTasks />
        <MetadataQuestion />
        <Dialogs />
        <Questions />
        <System />
        <Toasts label={m.notifications()} dismissLabel={m.toast_dismiss()} />
      </div>
    </OverDialogs>
  );
}

/** Places are lines of the palette already; here are their keys alone. */
function usePlaceKeys(): readonly Command[] {
  const navigate = useNavigate();
  const asked: Command = {
    id: 'window.attention',
    title: m.key_attention,
    keys: 'Ctrl I',
    run: () => void navigate({ to: '/attention' as '/transfers' }),
  };
  const going = places.map((place, at) => ({
    id: `place-key:${place.path}`,
    title: () => m.go_to_place({ place: place.title() }),
    keys: `Ctrl ${at + 1}`,
    run: () => void navigate({ to: place.path as '/transfers' }),
    keyOnly: true,
  }));
  return [asked, ...going];
}
