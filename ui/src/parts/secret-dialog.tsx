import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { defaultsOf, signInField } from '@/domain/form';
import type { AnswerView, AttentionView, ConnectionView, FieldSpecView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { inWords, m, sentence } from '@/messages';
import { connections, connectorSpecs } from '@/queries';
import { fact } from './attention-facts';
import { Detail } from './error-notice';
import { SignInGroup, useSignIn } from './sign-in';

interface Props {
  attention: AttentionView;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}

/** A refused sign-in: what mends it goes to the vault, and everything that waited goes on. */
export function SecretDialog(props: Props) {
  const connection = useQuery(connections).data?.find((one) => one.id === props.attention.connection);
  const found = useQuery(connectorSpecs).data?.find((one) => one.kind === connection?.kind);
  const spec = found ? inWords(found) : null;
  const given = Object.fromEntries(connection?.settings.map(({ key, value }) => [key, value]) ?? []);
  const person = spec ? signInField(spec, { ...defaultsOf(spec), ...given }) : undefined;
  if (connection && person) return <PersonDialog {...props} connection={connection} field={person} />;
  return <TypedDialog {...props} secrets={spec?.fields.filter((field) => field.kind.type === 'secret') ?? []} />;
}

/** The connection lives of somebody's sign-in in the browser. */
function PersonDialog({ attention, pending, problem, onAnswer, onClose, connection, field }: Props & { connection: ConnectionView; field: FieldSpecView }) {
  const [signedIn, setSignedIn] = useState<string | null>(null);
  const signing = useSignIn(setSignedIn);
  const { id, name, kind, settings } = connection;
  const begin = () => signing.begin({ name, kind, settings, secrets: [], secretExpiresAt: null, secretsOf: null, signedIn: null }, id);
  const message = fact(attention, 'message');
  return (
    <Dialog
      title={m.secret_title({ place: name })}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button isDisabled={pending} onPress={() => onAnswer({ answer: 'dismiss' })}>
            {m.secret_retry()}
          </Button>
          <Button tone="go" isDisabled={pending || signedIn === null} onPress={() => onAnswer({ answer: 'new-secrets', secrets: [], signedIn })}>
            {m.secret_now()}
          </Button>
        </>
      }
    >
      <p>{m.signin_question_body({ place: name })}</p>
      <SignInGroup label={field.label} help={sentence(field.help)} state={signedIn === null ? 'none' : 'signed'} place={name} signing={signing} onBegin={begin} />
      {message ? <Detail text={message} /> : null}
      {problem}
    </Dialog>
  );
}

/** It lives of a secret that is typed. */
function TypedDialog({ attention, pending, problem, onAnswer, onClose, secrets }: Props & { secrets: readonly FieldSpecView[] }) {
  const [chosen, setChosen] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const key = chosen ?? secrets[0]?.key ?? null;
  const message = fact(attention, 'message');
  const able = !pending && value !== '' && key !== null;
  const save = () => {
    if (able) onAnswer({ answer: 'new-secrets', secrets: [{ key, value }], signedIn: null });
  };
  return (
    <Dialog
      title={m.secret_title({ place: attention.connectionName ?? '' })}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button isDisabled={pending} onPress={() => onAnswer({ answer: 'dismiss' })}>
            {m.secret_retry()}
          </Button>
          <Button
            tone="go"
            isDisabled={!able}
            onPress={save}
          >
            {m.secret_now()}
          </Button>
        </>
      }
    >
      <p>{m.secret_body({ place: attention.connectionName ?? '' })}</p>
      {secrets.length > 1 ? (
        <Select
          label={m.secret_which()}
          options={secrets.map((field) => ({ id: field.key, label: field.label }))}
          value={key}
          onChange={setChosen}
        />
      ) : null}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <TextField label={m.secret_value()} type="password" value={value} onChange={setValue} help={m.field_secret_kept()} autoFocus />
      </form>
      {message ? <Detail text={message} /> : null}
      {problem}
    </Dialog>
  );
}
