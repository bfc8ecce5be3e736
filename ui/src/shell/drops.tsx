import { useMutation } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import { formatNumber } from '@/domain/measure';
import { desk, type DragEvent } from '@/ipc';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { HERE } from '@/domain/spots';
import { expectComing } from '@/parts/coming';
import { connectionAt, drag, folderUnder, markUnder, useDrag } from '@/parts/drag';
import { tellError } from '@/parts/error-notice';
import { useGate } from '@/parts/metadata';
import { openSend } from '@/parts/open-dialog';
import { dropFolder } from '@/parts/remembered';
import { copyEntries, sendFiles } from '@/queries';
import styles from './window.module.css';

/**
 * Files of the operating system over the window. On a card they go to that connection at once; anywhere else the
 * window asks where to. The pointer is told by the shell, because a web view is not shown the paths of a drag.
 */
export function Drops() {
  const held = useDrag();
  const sending = useMutation({
    ...sendFiles,
    onSuccess: (_run: string, draft) => {
      const count = draft.sources.length;
      toast({ text: m.sent_toast({ count, n: formatNumber(count, locale()) }) });
    },
    onError: (reason) => tellError(reason, m.this_computer()),
  });

  const bringing = useMutation({
    ...copyEntries,
    onSuccess: (run: string, { sources, to }) => {
      expectComing(run, to);
      toast({ text: m.sent_toast({ count: sources.length, n: formatNumber(sources.length, locale()) }) });
    },
    onError: (reason) => tellError(reason, m.this_computer()),
  });

  const gate = useGate();
  const hear = useEffectEvent((event: DragEvent) => {
    if (event.phase === 'over') markUnder(event.x, event.y);
    else markUnder(null);
    if (event.phase === 'leave') return drag.set(null);
    const connection = connectionAt(event.x, event.y);
    const folder = folderUnder(event.x, event.y);
    if (event.phase === 'over') {
      const before = drag.get();
      if (before?.connection !== connection || before.files !== event.count || before.folder !== folder) drag.set({ connection, files: event.count, folder });
      return;
    }
    drag.set(null);
    if (event.paths.length === 0) return;
    if (connection === null) return openSend(event.paths, null);
    const { paths } = event;
    if (folder !== null) {
      const to = { connection: connection === HERE ? null : connection, path: folder };
      const sources = paths.map((path) => ({ connection: null, path }));
      return gate.through(to, paths, (forms) => bringing.mutate({ sources, to, conflict: 'ask', proof: 'matched', thenDelete: false, forms }));
    }
    const last = dropFolder(connection);
    gate.through({ connection, path: last }, paths, (forms) => sending.mutate({ sources: paths, connection, folder: last, conflict: 'ask', proof: 'matched', forms }));
  });
  useEffect(() => desk().onDrag((event) => hear(event)), []);

  if (held === null || held.connection !== null) return null;
  return (
    <div className={styles.drop}>
      <span className={styles.hint}>{m.drop_window()}</span>
    </div>
  );
}
