import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { AnswerView, AttentionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { m } from '@/messages';
import { answerAttention, attentionOne } from '@/queries';
import { attentionLine, fact, hitchOf } from './attention-facts';
import { ConflictDialog } from './conflict-dialog';
import { Detail, ErrorNotice } from './error-notice';
import { ChangedHostKeyDialog, UnknownHostKeyDialog } from './host-key-dialogs';
import { SecretDialog } from './secret-dialog';
import { settingsLabel, type SettingsWay, useSettingsWay } from './settings-ways';
import { VaultDialog } from './vault-dialog';

interface Shared {
  attention: AttentionView;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}

/** The question of one Attention. It closes by itself when the question was answered elsewhere. */
export function AttentionDialog({ id, forAll, onClose }: { id: string; forAll: boolean; onClose: () => void }) {
  const asked = useQuery(attentionOne(id));
  const found = asked.data;
  const answering = useMutation({ ...answerAttention, onSuccess: onClose });
  const gone = asked.data === null && !asked.isFetching;
  useEffect(() => {
    if (gone) onClose();
  }, [gone, onClose]);
  if (asked.isError) return <Unreadable reason={asked.error} onClose={onClose} />;
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
      return <ConflictDialog {...shared} forAll={forAll} />;
    case 'unauthenticated':
      return <SignInDialog {...shared} />;
    case 'disk-full':
    case 'database-restored':
      return <PlainDialog {...shared} />;
  }
}

function Unreadable({ reason, onClose }: { reason: unknown; onClose: () => void }) {
  return (
    <Dialog title={m.attention_title()} onClose={onClose} closeLabel={m.close()}>
      <ErrorNotice reason={reason} about={m.attention_title()} />
    </Dialog>
  );
}

/** Nobody is signed in: what it takes depends on who stood in the way. */
function SignInDialog(shared: Shared) {
  const place = shared.attention.connectionName ?? '';
  switch (hitchOf(shared.attention)) {
    case 'vault-closed':
      return <VaultDialog onClose={shared.onClose} />;
    case 'unanswered':
      return <AskAgainDialog {...shared} />;
    case 'keyring-silent':
      return (
        <NoticeDialog {...shared} act={m.act_retry()} way="secrets" detail={fact(shared.attention, 'message') ?? ''}>
          {m.keyring_body({ place })}
        </NoticeDialog>
      );
    case 'proxy-sign-in':
      return (
        <NoticeDialog {...shared} act={m.act_retry()} way="network" wayFirst detail={fact(shared.attention, 'message') ?? ''}>
          {m.proxy_body({ place, proxy: fact(shared.attention, 'proxy-sign-in') ?? '' })}
        </NoticeDialog>
      );
    case null:
      return <SecretDialog {...shared} />;
  }
}

/** The server asked, and nobody answered in time: it asks again when the connection is tried again. */
function AskAgainDialog(shared: Shared) {
  const { attention } = shared;
  return (
    <NoticeDialog {...shared} act={m.question_again()} detail={fact(attention, 'message') ?? ''}>
      {m.question_unanswered_body({ place: attention.connectionName ?? '' })}
    </NoticeDialog>
  );
}

function PlainDialog(shared: Shared) {
  const { kind, facts } = shared.attention;
  return (
    <NoticeDialog {...shared} act={m.dismiss()} detail={facts.map((one) => `${one.key}: ${one.value}`).join('\n')}>
      {kind === 'disk-full' ? m.disk_full_body() : m.database_restored_body()}
    </NoticeDialog>
  );
}

interface Notice extends Shared {
  act: string;
  /** A section of the settings that mends it; `wayFirst` where nothing else does. */
  way?: SettingsWay;
  wayFirst?: boolean;
  detail: string;
  children: string;
}

/** Something to be told, with one act that settles it. */
function NoticeDialog({ attention, pending, problem, onAnswer, onClose, act, way, wayFirst = false, detail, children }: Notice) {
  const toSettings = useSettingsWay();
  const leave = (to: SettingsWay) => {
    onClose();
    toSettings(to);
  };
  return (
    <Dialog
      title={attentionLine(attention)}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.later()}</Button>
          {way && !wayFirst ? <Button onPress={() => leave(way)}>{settingsLabel(way)}</Button> : null}
          <Button tone={wayFirst ? 'plain' : 'go'} isDisabled={pending} onPress={() => onAnswer({ answer: 'dismiss' })}>
            {act}
          </Button>
          {way && wayFirst ? (
            <Button tone="go" onPress={() => leave(way)}>
              {settingsLabel(way)}
            </Button>
          ) : null}
        </>
      }
    >
      <p>{children}</p>
      <Detail text={detail} />
      {problem}
    </Dialog>
  );
}
