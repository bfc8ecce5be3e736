import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useEffectEvent, useState } from 'react';
import { desk, type QuitAsked } from '@/ipc';
import { m } from '@/messages';
import { type Command, useCommands } from '@/parts/commands';
import { tellError } from '@/parts/error-notice';
import { openSend } from '@/parts/open-dialog';
import { paste } from '@/parts/paste';
import { QuitDialog } from '@/parts/quit-dialog';
import { keys, quit, takeGiven } from '@/queries';

const COMMANDS: readonly Command[] = [
  { id: 'window.paste', title: m.paste_files, keys: 'Ctrl V', run: () => void pasteToSend() },
  { id: 'window.quit', title: m.quit_waybill, keys: 'Ctrl Q', run: () => void askToQuit() },
];

async function pasteToSend(): Promise<void> {
  const pasted = await paste();
  if (pasted) openSend(pasted.paths, null, pasted.loose);
}

async function askToQuit(): Promise<void> {
  try {
    await quit();
  } catch (reason) {
    tellError(reason, m.quit_waybill());
  }
}

/** What the operating system has to do with the window: files of a command line, notices that were clicked, the end. */
export function System() {
  useCommands(COMMANDS, 'everywhere');
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<QuitAsked | null>(null);

  const take = useEffectEvent(async () => {
    const paths = await takeGiven();
    if (paths.length > 0) openSend(paths, null);
  });
  const showRun = useEffectEvent(async (run: string | null) => {
    await (run === null ? navigate({ to: '/today' as '/transfers' }) : navigate({ to: '/transfers', search: { run } }));
  });
  useEffect(() => {
    const heard = (call: Promise<unknown>) => void call.catch((reason: unknown) => tellError(reason, m.this_computer()));
    // Those that came before anything was drawn.
    heard(take());
    const ends = [
      desk().onPathsGiven(() => heard(take())),
      desk().onQuitAsked(setAsked),
      desk().onRunShown(({ run }) => heard(showRun(run))),
      desk().onShellChanged((shell) => client.setQueryData(keys.shell, shell)),
    ];
    return () => {
      for (const end of ends) end();
    };
  }, [client]);

  return asked === null ? null : <QuitDialog asked={asked} onClose={() => setAsked(null)} />;
}
