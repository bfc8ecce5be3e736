import { useMutation } from '@tanstack/react-query';
import { useEffect } from 'react';
import { formatNumber } from '@/domain/measure';
import type { QuitAsked } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { locale, m } from '@/messages';
import { answerQuit, quitSeen } from '@/queries';
import { ErrorNotice } from './error-notice';

/** The program is to end while files are on their way. What goes on by itself has the focus. */
export function QuitDialog({ asked, onClose }: { asked: QuitAsked; onClose: () => void }) {
  const { question, files, tray } = asked;
  useEffect(() => {
    // Without this word the desk takes it that nobody can be asked, and ends.
    void quitSeen(question).catch(() => {});
  }, [question]);
  const answering = useMutation({ ...answerQuit, onSuccess: onClose });
  return (
    <Dialog
      role="alertdialog"
      title={m.quit_title({ count: files, n: formatNumber(files, locale()) })}
      onClose={onClose}
      closeLabel={m.quit_stay()}
      actions={
        <>
          <Button autoFocus onPress={onClose}>
            {m.quit_stay()}
          </Button>
          {tray ? (
            <Button isDisabled={answering.isPending} onPress={() => answering.mutate('hide')}>
              {m.quit_hide()}
            </Button>
          ) : null}
          <Button tone="go" isDisabled={answering.isPending} onPress={() => answering.mutate('quit')}>
            {m.quit_now()}
          </Button>
        </>
      }
    >
      <p>{m.quit_body()}</p>
      {tray ? <p>{m.quit_tray()}</p> : null}
      {answering.isError ? <ErrorNotice reason={answering.error} about={m.quit_waybill()} /> : null}
    </Dialog>
  );
}
