import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { ConnectionUsesView, ConnectionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { Checkbox } from '@/kit/field';
import { undoToast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { dropFolder, forgetDropFolder, rememberDropFolder } from '@/parts/remembered';
import { connectionUses, removeConnection, restoreConnection, savedViews } from '@/queries';
import styles from './forms.module.css';
import { forgetTest } from './test-runs';

const NONE: ConnectionUsesView = { running: 0, waiting: 0, paused: 0, needsYou: 0, over: 0, walking: 0, attention: 0 };

/** Asks before connections are forgotten, and says what hangs on them. For a minute they can be brought back. */
export function RemoveDialog({ connections, onClose }: { connections: readonly ConnectionView[]; onClose: (removed: boolean) => void }) {
  const [callOff, setCallOff] = useState(false);
  const asked = useQueries({ queries: connections.map((one) => connectionUses(one.id)) });
  const all = asked.reduce((sum, { data }) => added(sum, data ?? NONE), NONE);
  const open = all.running + all.waiting + all.paused + all.needsYou + all.walking;
  const names = connections.map((one) => shownName(one.name)).join(', ');
  const back = useMutation({ ...restoreConnection, onError: (reason) => tellError(reason, names) });
  const remove = useMutation(removeConnection);
  const [failed, setFailed] = useState<unknown>(null);
  async function removeAll() {
    setFailed(null);
    try {
      // oxlint-disable-next-line no-await-in-loop -- what fails stops the rest
      for (const one of connections) await remove.mutateAsync({ id: one.id, callOff });
    } catch (reason) {
      setFailed(reason);
      return;
    }
    for (const one of connections) {
      forgetTest(one.id);
      forgetDropFolder(one.id);
    }
    undoToast({
      text: m.removed_toast({ name: names }),
      undoLabel: m.connection_undo(),
      undo: () => {
        for (const one of connections) back.mutate(one.id);
        for (const { id, folder } of folders) rememberDropFolder(id, folder);
      },
    });
    onClose(true);
  }
  const views = (useQuery(savedViews).data ?? []).filter((view) => connections.some((one) => one.id === view.search.connection));
  const folders = connections.map((one) => ({ id: one.id, folder: dropFolder(one.id) })).filter(({ folder }) => folder !== '/');
  const lines = [
    ...linesOf(all),
    ...views.map((view) => m.uses_view({ name: shownName(view.name) })),
    ...folders.map(({ folder }) => m.uses_folder({ folder: shownName(folder) })),
  ];
  return (
    <Dialog
      title={m.remove_title({ name: names })}
      role="alertdialog"
      tone="bad"
      onClose={() => onClose(false)}
      closeLabel={m.close()}
      actions={
        <>
          <Button autoFocus onPress={() => onClose(false)}>
            {m.cancel()}
          </Button>
          <Button
            tone="bad"
            isDisabled={remove.isPending || asked.some((one) => one.isPending) || (open > 0 && !callOff)}
            onPress={() => void removeAll()}
          >
            {m.remove_now()}
          </Button>
        </>
      }
    >
      <p>{m.remove_body()}</p>
      {lines.length > 0 ? (
        <ul className={styles.lines} aria-label={m.remove_hangs()}>
          {lines.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      ) : null}
      {open > 0 ? (
        <Callout tone="warn" title={m.remove_open_title({ count: open, n: formatNumber(open, locale()) })}>
          <Checkbox label={m.remove_call_off()} help={m.remove_call_off_help()} checked={callOff} onChange={setCallOff} />
        </Callout>
      ) : null}
      {failed === null ? null : <ErrorNotice reason={failed} about={names} />}
    </Dialog>
  );
}

function added(a: ConnectionUsesView, b: ConnectionUsesView): ConnectionUsesView {
  return {
    running: a.running + b.running,
    waiting: a.waiting + b.waiting,
    paused: a.paused + b.paused,
    needsYou: a.needsYou + b.needsYou,
    over: a.over + b.over,
    walking: a.walking + b.walking,
    attention: a.attention + b.attention,
  };
}

/** What there is of each, and what becomes of it. */
function linesOf(uses: ConnectionUsesView): string[] {
  const line = (count: number, words: (inputs: { count: number; n: string }) => string) =>
    count === 0 ? [] : [words({ count, n: formatNumber(count, locale()) })];
  return [
    ...line(uses.running, m.uses_running),
    ...line(uses.waiting, m.uses_waiting),
    ...line(uses.paused, m.uses_paused),
    ...line(uses.needsYou, m.uses_needs_you),
    ...line(uses.walking, m.uses_walking),
    ...line(uses.attention, m.uses_attention),
    ...line(uses.over, m.uses_over),
  ];
}
