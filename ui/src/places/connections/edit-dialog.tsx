import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { parseDay, writtenDay } from '@/domain/expiry';
import { type FormState, leadsElsewhere, signInKept, stateOf, toDraft } from '@/domain/form';
import { formatNumber } from '@/domain/measure';
import { type ConnectionView, type ConnectorSpecView, toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { toast, undoToast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { connectionUses, editConnection } from '@/queries';
import { ConnectionForm, isWhole } from './connection-form';
import { forgetTest, runTest } from './test-runs';
import { Tested } from './tested';

interface Props {
  connection: ConnectionView;
  spec: ConnectorSpecView;
  onClose: () => void;
}

/** The same form as at first, with secrets kept unless they are replaced. What it means for the queue is said before. */
export function EditDialog({ connection, spec, onClose }: Props) {
  const [state, setState] = useState<FormState>(() => stateOf(connection, writtenDay(connection.secretExpiresAt)));
  const [before] = useState(connection);
  const [asked, setAsked] = useState(false);
  const [tested, setTested] = useState<ConnectionView | null>(null);
  const uses = useQuery(connectionUses(connection.id)).data;
  const draft = toDraft(spec, state.name, state.values, state.fates);
  const forget = Object.keys(state.fates).filter((key) => state.fates[key] === 'forgotten');
  const same = (a: ConnectionView['settings']) => JSON.stringify(a.toSorted((x, y) => x.key.localeCompare(y.key)));
  const anew = same(draft.settings) !== same(before.settings) || draft.secrets.length > 0 || draft.signedIn !== null || forget.length > 0;
  const changing = useMutation({
    ...editConnection,
    onSuccess: (saved: ConnectionView) => {
      if (!anew) {
        toast({ text: m.saved_toast({ name: saved.name }) });
        onClose();
        return;
      }
      setState((now) => signInKept(spec, now));
      forgetTest(saved.id);
      setTested(saved);
      void runTest(saved.id);
    },
  });
  const refused = changing.isError ? toIpcError(changing.error) : null;
  function save() {
    setAsked(true);
    if (!isWhole(spec, state)) return;
    const { name, settings, secrets, signedIn } = draft;
    changing.mutate({ id: connection.id, change: { name, settings, secrets, forget, secretExpiresAt: parseDay(state.ends) ?? null, signedIn } });
  }

  if (tested)
    return <Tested connection={tested} title={m.changed_title({ name: tested.name })} onChange={() => setTested(null)} onClose={onClose} />;
  const elsewhere = leadsElsewhere(spec, before.settings, state.values);
  const waiting = uses ? uses.waiting + uses.paused + uses.needsYou + uses.walking : 0;
  return (
    <Dialog
      title={m.edit_title({ name: before.name })}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={changing.isPending} onPress={save}>
            {anew ? m.save_and_test() : m.save()}
          </Button>
        </>
      }
    >
      <ConnectionForm spec={spec} state={state} onState={setState} asked={asked} refused={refused} onSubmit={save} signIn={{ connection: connection.id, secretsOf: null, kept: before.secrets }} />
      {elsewhere.length > 0 && waiting > 0 ? (
        <Callout tone="warn" title={m.edit_elsewhere_title({ fields: elsewhere.join(', ') })} live>
          <p>{m.edit_elsewhere({ count: waiting, n: formatNumber(waiting, locale()) })}</p>
        </Callout>
      ) : null}
      {anew && uses && uses.running > 0 ? (
        <Callout tone="accent" title={m.edit_running_title({ count: uses.running, n: formatNumber(uses.running, locale()) })}>
          <p>{m.edit_running()}</p>
        </Callout>
      ) : null}
      {changing.isError && refused?.code !== 'name-taken' ? <ErrorNotice reason={changing.error} about={before.name} /> : null}
    </Dialog>
  );
}

/** A new name and nothing else: no test, no question. */
export function RenameDialog({ connection, onClose }: { connection: ConnectionView; onClose: () => void }) {
  const [name, setName] = useState(connection.name);
  const { settings, secretExpiresAt } = connection;
  const change = (to: string) => ({ id: connection.id, change: { name: to, settings, secrets: [], forget: [], secretExpiresAt, signedIn: null } });
  const back = useMutation({ ...editConnection, onError: (reason) => tellError(reason, connection.name) });
  const changing = useMutation({
    ...editConnection,
    onSuccess: () => {
      undoToast({
        text: m.renamed_toast({ from: connection.name, to: name.trim() }),
        undoLabel: m.connection_undo(),
        undo: () => back.mutate(change(connection.name)),
      });
      onClose();
    },
  });
  const refused = changing.isError ? toIpcError(changing.error) : null;
  const problem = refused?.code === 'name-taken' ? m.add_name_taken() : name.trim() === '' ? m.add_name_needed() : undefined;
  const save = () => {
    if (name.trim() === connection.name) onClose();
    else if (name.trim() !== '') changing.mutate(change(name.trim()));
  };
  return (
    <Dialog
      title={m.rename_title({ name: connection.name })}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={changing.isPending || name.trim() === ''} onPress={save}>
            {m.rename_now()}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label={m.add_name()} help={m.rename_help()} value={name} onChange={setName} error={problem} autoFocus name="name" />
      </form>
      {refused && refused.code !== 'name-taken' ? <ErrorNotice reason={changing.error} about={connection.name} /> : null}
    </Dialog>
  );
}
