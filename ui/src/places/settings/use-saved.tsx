// A change holds at once, and a notice takes it back. Where it is refused nothing has changed, and the section says why.
import { useMutation, type UseMutationOptions } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { toIpcError } from '@/ipc';
import { undoToast } from '@/kit/toast';
import { Callout } from '@/kit/callout';
import { describeError, m, sayIn, sentence } from '@/messages';
import { tellError } from '@/parts/error-notice';
import styles from './settings.module.css';

interface Saved<T> {
  /** Keeps the section as it is to be from now on. */
  save: (next: T) => void;
  saving: boolean;
  /** Why the last change was refused. */
  refused: ReactNode;
}

/** `held` is the section as it is kept, `name` what the notice calls it. */
export function useSaved<T>(options: Omit<UseMutationOptions<null, Error, T>, 'mutationKey'>, held: T, name: string): Saved<T> {
  const keeping = useMutation(options);
  const takingBack = useMutation({ ...options, onError: (reason: Error) => tellError(reason, name) });
  return {
    save: (next) =>
      keeping.mutate(next, {
        onSuccess: () =>
          undoToast({ text: m.settings_saved({ name }), undoLabel: m.settings_undo(), undo: () => takingBack.mutate(held) }),
      }),
    saving: keeping.isPending,
    refused: keeping.isError ? <Refused reason={keeping.error} name={name} /> : null,
  };
}

/** A refused change: each fault in words. */
export function Refused({ reason, name }: { reason: unknown; name: string }) {
  const error = toIpcError(reason);
  const text = describeError(error, name);
  return (
    <Callout tone="bad" title={text.title} live>
      {error.code === 'settings' ? (
        <ul className={styles.problems}>
          {error.problems.map((problem) => (
            <li key={problem.key}>{sentence(problem.said ? sayIn(null, problem.said) : problem.reason)}</li>
          ))}
        </ul>
      ) : (
        <>
          <p>{text.body}</p>
          {text.detail === null ? null : <p>{text.detail}</p>}
        </>
      )}
    </Callout>
  );
}
