import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { IpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { describeError, m } from '@/messages';
import { answerLabel } from '@/parts/attention-facts';
import { Detail, tellError } from '@/parts/error-notice';
import { openAttention, openTask, openVaultQuestion } from '@/parts/open-dialog';
import { attention as attentionQuery, testConnection } from '@/queries';
import styles from './browse.module.css';

/** Why a folder cannot be looked into, and what mends it. */
export function FolderFailure({ error, name, connection, path, onRetry }: { error: IpcError; name: string; connection: string | null; path: string; onRetry: () => void }) {
  const navigate = useNavigate();
  const missing = error.code === 'remote' && error.failure.kind === 'not-found';
  // The folder with which the connection begins: no other one there is of use, and what mends it are its settings.
  const begins = missing && path === '/';
  const described = describeError(error, missing && !begins ? path : name);
  const text = begins ? { ...described, title: m.asked_root_title({ place: name }), body: m.asked_root_body({ place: name }) } : described;
  const question = useQuery(attentionQuery).data?.find((one) => one.connection === connection && connection !== null && one.transfer === null);
  const testing = useMutation({ mutationFn: (id: string) => testConnection(id, () => {}), onSuccess: onRetry, onError: (reason) => tellError(reason, name) });
  return (
    <div className={styles.notice}>
      <Callout
        tone="bad"
        title={text.title}
        live
        actions={
          <>
            {question ? <Button onPress={() => openAttention(question.id)}>{answerLabel(question)}</Button> : null}
            {error.code === 'vault' && error.needsPassphrase ? <Button onPress={openVaultQuestion}>{m.vault_give()}</Button> : null}
            {connection !== null && begins ? (
              <Button onPress={() => openTask({ kind: 'edit-connection', id: connection })}>{m.browse_change({ place: name })}</Button>
            ) : null}
            <Button onPress={onRetry}>{m.act_retry()}</Button>
            {connection === null ? null : (
              <>
                <Button isDisabled={testing.isPending} onPress={() => testing.mutate(connection)}>
                  {m.browse_test({ place: name })}
                </Button>
                <Button onPress={() => void navigate({ to: '/connections', search: { chosen: connection } })}>{m.open_connection()}</Button>
              </>
            )}
          </>
        }
      >
        <p>{text.body}</p>
        {text.detail === null ? null : <Detail text={text.detail} />}
      </Callout>
    </div>
  );
}
