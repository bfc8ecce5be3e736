import type { ReactNode } from 'react';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { CopyButton } from '@/kit/copy-button';
import { Disclosure } from '@/kit/disclosure';
import { toast } from '@/kit/toast';
import { toIpcError } from '@/ipc';
import { describeError, m } from '@/messages';
import { openVaultQuestion } from './open-dialog';
import styles from './notice.module.css';

/** A refused call, as a sentence. `about` is what the call was about: a connection, a file. `actions` are the ways out. */
export function ErrorNotice({ reason, about, actions }: { reason: unknown; about: string; actions?: ReactNode }) {
  const error = toIpcError(reason);
  const text = describeError(error, about);
  const mend =
    error.code === 'vault' && error.needsPassphrase ? (
      <Button onPress={openVaultQuestion}>{m.vault_give()}</Button>
    ) : null;
  return (
    <Callout tone="bad" title={text.title} live actions={mend || actions ? <>{mend}{actions}</> : null}>
      <p>{text.body}</p>
      {text.detail === null ? null : <Detail text={text.detail} />}
    </Callout>
  );
}

/** The technical detail, folded, to be copied into a mail. */
export function Detail({ text }: { text: string }) {
  return (
    <Disclosure title={m.detail()}>
      <div className={styles.detail}>
        <code data-text className={styles.code}>
          {text}
        </code>
        <CopyButton text={text} label={m.copy_detail()} doneLabel={m.copied()} />
      </div>
    </Disclosure>
  );
}

/** Says a refused act that has no place of its own to say it. */
export function tellError(reason: unknown, about: string): void {
  const text = describeError(toIpcError(reason), about);
  toast({ tone: 'bad', text: `${text.title}. ${text.body}` });
}
