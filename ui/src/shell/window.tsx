import { useQuery } from '@tanstack/react-query';
import { Outlet, useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { Toasts } from '@/kit/toast';
import { m } from '@/messages';
import { openAttentionList, openKeys, openSend, openVaultQuestion } from '@/parts/open-dialog';
import { useHotkey } from '@/parts/use-hotkey';
import { about } from '@/queries';
import { Dialogs } from './dialogs';
import { Drops } from './drops';
import { places } from './places';
import { Questions } from './questions';
import { Rail } from './rail';
import styles from './window.module.css';

/** The rail, the place, and what may lie over them. */
export function Window() {
  useHotkey('?', openKeys);
  useHotkey('o', () => openSend([], null), { chord: true });
  useHotkey('i', openAttentionList, { chord: true });
  const locked = useQuery(about).data?.needsPassphrase ?? false;
  useEffect(() => {
    if (locked) openVaultQuestion();
  }, [locked]);
  return (
    <div className={styles.window}>
      {places.map((place, index) => (
        <GoTo key={place.path} path={place.path} digit={String(index + 1)} />
      ))}
      <Rail />
      <Outlet />
      <Drops />
      <Dialogs />
      <Questions />
      <Toasts label={m.notifications()} dismissLabel={m.toast_dismiss()} />
    </div>
  );
}

function GoTo({ path, digit }: { path: string; digit: string }) {
  const navigate = useNavigate();
  useHotkey(digit, () => void navigate({ to: path as '/transfers' }), { chord: true });
  return null;
}
