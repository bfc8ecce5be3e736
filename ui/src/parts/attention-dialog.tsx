import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AnswerView, AttentionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { m } from '@/messages';
import { answerAttention, attention as attentionQuery } from '@/queries';
import { attentionLine, fact, isUnanswered } from './attention-facts';
import { ConflictDialog } from './conflict-dialog';
import { Detail, ErrorNotice } from './error-notice';
import { ChangedHostKeyDialog, UnknownHostKeyDialog } from './host-key-dialogs';
import { SecretDialog } from './secret-dialog';

interface Shared {
  attention: AttentionView;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}

/** The question of one Attention. It closes by itself when the question was answered elsewhere. */
export function AttentionDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const open = useQuery(attentionQuery);
  const found = open.data?.find((one) => one.id === id);
  const answering = useMutation({ ...answerAttention, onSuccess: onClose });
  const gone = open.isSuccess && !open.isFetching && found === undefined;
  useEffect(() => {
    if (gone) onClose();
  }, [gone, onClose]);
  if (!found) return null;
  const shared: Shared = {
    attention: found,
    pending: answering.isPending,
    problem: answering.isError ? <ErrorNotice reason={answering.error} about={found.connectionName ?? ''} /> : null,
    onAnswer: (answer: AnswerView) => answering.mutate({ id, answer }),
    onClose,
  };
  switch (found.kind) {
    case 'host-key-unknown':
      return <UnknownHostKeyDialog {...shared} />;
    case 'host-key-changed':
      return <ChangedHostKeyDialog {...shared} />;
    case 'conflict':
      return <ConflictDialog {...shared} />;
    case 'unauthenticated':
      return isUnanswered(found) ? <AskAgainDialog {...shared} /> : <SecretDialog {...shared} />;
    case 'disk-full':
    case 'database-restored':
      return <PlainDialog {...shared} />;
  }
}

/** The server asked, and nobody answered in time: it asks again when the connection is tried again. */
function AskAgainDialog({ attention, pending, problem, onAnswer, onClose }: Shared) {
  const place = attention.connectionName ?? '';
  return (
    <Dialog
      title={attentionLine(attention)}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.later()}</Button>
          <Button tone="go" isDisabled={pending} onPress={() => onAnswer({ answer: 'dismiss' })}>
            {m.question_again()}
          </Button>
        </>
      }
    >
      <p>{m.question_unanswered_body({ place })}</p>
      <Detail text={fact(attention, 'message') ?? ''} />
      {problem}
    </Dialog>
  );
}

function PlainDialog({ attention, pending, problem, onAnswer, onClose }: Shared) {
  return (
    <Dialog
      title={attentionLine(attention)}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.later()}</Button>
          <Button tone="go" isDisabled={pending} onPress={() => onAnswer({ answer: 'dismiss' })}>
            {m.dismiss()}
          </Button>
        </>
      }
    >
      <p>{attention.kind === 'disk-full' ? m.disk_full_body() : m.database_restored_body()}</p>
      <Detail text={attention.facts.map((one) => `${one.key}: ${one.value}`).join('\n')} />
      {problem}
    </Dialog>
  );
}
