import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AnswerView, AttentionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { Select } from '@/kit/select';
import { inWords, m } from '@/messages';
import { connections, connectorSpecs } from '@/queries';
import { fact } from './attention-facts';
import { Detail } from './error-notice';

/** A refused sign-in: a new secret goes to the vault, and everything that waited goes on. */
export function SecretDialog({
  attention,
  pending,
  problem,
  onAnswer,
  onClose,
}: {
  attention: AttentionView;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}) {
  const kind = useQuery(connections).data?.find((one) => one.id === attention.connection)?.kind;
  const found = useQuery(connectorSpecs).data?.find((one) => one.kind === kind);
  const secrets = (found ? inWords(found).fields : []).filter((field) => field.kind.type === 'secret');
  const [chosen, setChosen] = useState<string | null>(null);
  const [value, setValue] = useState('');
  const key = chosen ?? secrets[0]?.key ?? null;
  const message = fact(attention, 'message');
  const able = !pending && value !== '' && key !== null;
  const save = () => {
    if (able) onAnswer({ answer: 'new-secrets', secrets: [{ key, value }] });
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
