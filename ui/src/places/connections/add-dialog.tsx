import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { parseDay } from '@/domain/expiry';
import { defaultsOf, type FormState, signInKept, toDraft } from '@/domain/form';
import { typedFolder } from '@/domain/path';
import { type AddressView, type ConnectionView, type ConnectorSpecView, toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { Checkbox, TextField } from '@/kit/field';
import { m, sayIn } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { rememberDropFolder } from '@/parts/remembered';
import { addConnection, editConnection, readAddress } from '@/queries';
import { ConnectionForm, isWhole } from './connection-form';
import { whereLine } from './describe';
import styles from './forms.module.css';
import { Plate } from './plate';
import { Tested } from './tested';
import { runTest } from './test-runs';

interface Props {
  specs: readonly ConnectorSpecView[];
  /** What it begins as; nothing for a new one. Secrets are copied only where that is asked for. */
  like?: { connection: ConnectionView; state: FormState } | undefined;
  /** With the id of the new connection, where one was added. */
  onClose: (added: string | null) => void;
}

/** What is it, how is it reached, does it work: three steps, each drawn from what the connector says. */
export function AddDialog({ specs, like, onClose }: Props) {
  const [spec, setSpec] = useState<ConnectorSpecView | null>(() => specs.find((one) => one.kind === like?.connection.kind) ?? null);
  const [state, setState] = useState<FormState>(() => like?.state ?? { name: '', values: {}, fates: {}, ends: '' });
  const [copies, setCopies] = useState(false);
  const [folder, setFolder] = useState<string | null>(null);
  const [added, setAdded] = useState<ConnectionView | null>(null);
  const [testing, setTesting] = useState(false);

  function choose(one: ConnectorSpecView, address: AddressView | null) {
    const given = Object.fromEntries(address?.settings.map(({ key, value }) => [key, value]) ?? []);
    setState((before) => ({ ...before, values: { ...defaultsOf(one), ...given }, fates: {} }));
    if (address) setFolder(address.folder);
    setSpec(one);
  }
  function saved(connection: ConnectionView) {
    if (spec) setState((before) => signInKept(spec, before));
    if (folder !== null) rememberDropFolder(connection.id, typedFolder(folder));
    setAdded(connection);
    setTesting(true);
    void runTest(connection.id);
  }

  if (added && testing)
    return <Tested connection={added} title={m.added_title({ name: added.name })} onChange={() => setTesting(false)} onClose={() => onClose(added.id)} />;
  if (!spec) return <Kinds specs={specs} onChoose={choose} onClose={() => onClose(null)} />;
  return (
    <Form
      spec={spec}
      state={state}
      onState={setState}
      added={added}
      copied={like ? { connection: like.connection, on: copies, set: setCopies } : null}
      onBack={added || like ? null : () => setSpec(null)}
      onFolder={setFolder}
      onSaved={saved}
      onClose={() => onClose(added?.id ?? null)}
    />
  );
}

/** Kinds as tiles, and a line that an address is pasted into. */
function Kinds({
  specs,
  onChoose,
  onClose,
}: {
  specs: readonly ConnectorSpecView[];
  onChoose: (spec: ConnectorSpecView, address: AddressView | null) => void;
  onClose: () => void;
}) {
  const [text, setText] = useState('');
  const reading = useMutation(readAddress);
  const { mutate, reset } = reading;
  useEffect(() => {
    if (text.trim() === '') reset();
    else mutate(text);
  }, [text, mutate, reset]);
  const address = text.trim() === '' ? null : (reading.data ?? null);
  const spec = specs.find((one) => one.kind === address?.kind);
  const unknown = text.trim() !== '' && reading.isSuccess && reading.data === null;
  const fill = () => {
    if (spec && address) return onChoose(spec, address);
    if (text.trim() === '') return;
    // Enter may come before the address has been read: it counts as soon as it has.
    mutate(text, {
      onSuccess: (read) => {
        const its = specs.find((one) => one.kind === read?.kind);
        if (its && read) onChoose(its, read);
      },
    });
  };
  return (
    <Dialog
      title={m.add_title()}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        spec ? (
          <Button tone="go" onPress={fill}>
            {m.paste_fill()}
          </Button>
        ) : undefined
      }
    >
      <p className={styles.quiet}>{m.add_kind()}</p>
      <div className={styles.kinds}>
        {specs.map((one) => (
          <button key={one.kind} type="button" className={styles.kind} onClick={() => onChoose(one, null)}>
            <Plate kind={one.kind} />
            <strong>{one.title}</strong>
            <span className={styles.quiet}>{one.summary}</span>
          </button>
        ))}
      </div>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          fill();
        }}
      >
        <TextField
          label={m.paste_label()}
          help={m.paste_help()}
          placeholder="sftp://user@host:22/folder"
          value={text}
          onChange={setText}
          error={unknown ? m.paste_unknown() : undefined}
          mono
        />
      </form>
      {spec && address ? (
        <div aria-live="polite" className={styles.quiet} data-text>
          <p>{m.paste_known({ where: whereLine(address, spec) })}</p>
          {address.remarks.map((remark) => (
            <p key={remark.text}>{sayIn(address.kind, remark)}</p>
          ))}
        </div>
      ) : null}
    </Dialog>
  );
}

function Form({
  spec,
  state,
  onState,
  added,
  copied,
  onBack,
  onFolder,
  onSaved,
  onClose,
}: {
  spec: ConnectorSpecView;
  state: FormState;
  onState: (change: (before: FormState) => FormState) => void;
  /** It is there already, and its settings are mended after a test. */
  added: ConnectionView | null;
  copied: { connection: ConnectionView; on: boolean; set: (on: boolean) => void } | null;
  onBack: (() => void) | null;
  onFolder: (folder: string) => void;
  onSaved: (connection: ConnectionView) => void;
  onClose: () => void;
}) {
  const [asked, setAsked] = useState(false);
  const adding = useMutation({ ...addConnection, onSuccess: onSaved });
  const changing = useMutation({ ...editConnection, onSuccess: onSaved });
  const pending = adding.isPending || changing.isPending;
  const reason = adding.error ?? changing.error;
  const refused = reason ? toIpcError(reason) : null;
  const fates = copied?.on && !added ? Object.fromEntries(copied.connection.secrets.map(({ key }) => [key, 'kept' as const])) : {};
  const own: FormState = { ...state, fates: { ...fates, ...state.fates } };
  const secretsOf = copied?.on && !added ? copied.connection.id : null;
  function save() {
    setAsked(true);
    if (!isWhole(spec, own)) return;
    const { name, settings, secrets, kind, signedIn } = toDraft(spec, state.name, state.values, own.fates);
    const forget = Object.keys(own.fates).filter((key) => own.fates[key] === 'forgotten');
    const secretExpiresAt = parseDay(state.ends) ?? null;
    if (added) changing.mutate({ id: added.id, change: { name, settings, secrets, forget, secretExpiresAt, signedIn } });
    else adding.mutate({ name, kind, settings, secrets, secretExpiresAt, secretsOf, signedIn });
  }
  const kept = added?.secrets ?? (copied?.on ? copied.connection.secrets : []);
  const signIn = { connection: added?.id ?? null, secretsOf, kept };
  return (
    <Dialog
      title={copied && !added ? m.duplicate_title({ name: copied.connection.name }) : spec.title}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          {onBack ? (
            <Button tone="quiet" onPress={onBack}>
              {m.other_kind()}
            </Button>
          ) : null}
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={pending} onPress={save}>
            {added ? m.save_and_test() : m.add_now()}
          </Button>
        </>
      }
    >
      {copied && !added && copied.connection.secrets.length > 0 ? (
        <Checkbox label={m.duplicate_secrets()} help={m.duplicate_secrets_help()} checked={copied.on} onChange={copied.set} />
      ) : null}
      <ConnectionForm spec={spec} state={own} onState={onState} asked={asked} refused={refused} onSubmit={save} signIn={signIn} onFolder={onFolder} />
      {reason && refused?.code !== 'name-taken' ? <ErrorNotice reason={reason} about={state.name} /> : null}
    </Dialog>
  );
}
