// One sign-in of a form, from the button until it is done, given up or the form is left.
import { useEffect, useRef, useState } from 'react';
import { type SignInView, toIpcError } from '@/ipc';
import { m } from '@/messages';
import { beginSignIn, forgetSignIn, pasteSignIn, waitForSignIn } from '@/queries';

type Draft = Parameters<typeof beginSignIn>[0];

export type SignInStep =
  | { at: 'rest' }
  /** The sign-in service is asked where people sign in. */
  | { at: 'begun' }
  | { at: 'waiting'; view: SignInView; pasting: boolean; pasted: unknown }
  /** `asked`: the person was asked, so it was more than the way there. */
  | { at: 'failed'; reason: unknown; asked: boolean }
  | { at: 'done' };

export interface SigningIn {
  step: SignInStep;
  /** `draft` says how the form is now; `of` is the connection that is changed. */
  begin: (draft: Draft, of: string | null) => void;
  paste: (address: string) => void;
  cancel: () => void;
}

/** A pasted address that is not the answer: the sign-in goes on, and another one may be pasted. */
export function isWrongAddress(reason: unknown): boolean {
  const error = toIpcError(reason);
  return error.code === 'remote' && error.failure.kind === 'invalid';
}

/** `onDone` hears of the id by which the form names it. What was begun is forgotten when the form goes. */
export function useSignIn(onDone: (id: string) => void): SigningIn {
  const [step, setStep] = useState<SignInStep>({ at: 'rest' });
  /** What is told of an earlier turn counts no more. */
  const turn = useRef(0);
  const ids = useRef<readonly string[]>([]);
  const gone = useRef(false);

  useEffect(() => {
    gone.current = false;
    return () => {
      gone.current = true;
      ids.current.forEach(forgetSignIn);
      ids.current = [];
    };
  }, []);

  function drop(doomed: readonly string[]) {
    doomed.forEach(forgetSignIn);
    ids.current = ids.current.filter((id) => !doomed.includes(id));
  }
  function fail(reason: unknown, id: string | null) {
    turn.current += 1;
    if (id !== null) drop([id]);
    setStep({ at: 'failed', reason, asked: id !== null });
  }
  function end(id: string) {
    turn.current += 1;
    drop(ids.current.filter((other) => other !== id));
    setStep({ at: 'done' });
    onDone(id);
  }

  async function begin(draft: Draft, of: string | null) {
    turn.current += 1;
    const mine = turn.current;
    const counts = () => turn.current === mine && !gone.current;
    setStep({ at: 'begun' });
    let id: string | null = null;
    try {
      const view = await beginSignIn(draft, of);
      if (!counts()) return forgetSignIn(view.id);
      id = view.id;
      ids.current = [...ids.current, id];
      setStep({ at: 'waiting', view, pasting: false, pasted: null });
      await waitForSignIn(id, m.signin_page());
      if (counts()) end(id);
    } catch (reason) {
      if (counts()) fail(reason, id);
    }
  }
  async function paste(address: string) {
    if (step.at !== 'waiting' || step.pasting) return;
    const { view } = step;
    const mine = turn.current;
    const counts = () => turn.current === mine && !gone.current;
    setStep({ ...step, pasting: true, pasted: null });
    try {
      await pasteSignIn(view.id, address);
      if (counts()) end(view.id);
    } catch (reason) {
      if (!counts()) return;
      if (isWrongAddress(reason)) setStep({ at: 'waiting', view, pasting: false, pasted: reason });
      else fail(reason, view.id);
    }
  }
  function cancel() {
    turn.current += 1;
    if (step.at === 'waiting') drop([step.view.id]);
    setStep({ at: 'rest' });
  }
  return { step, begin: (draft, of) => void begin(draft, of), paste: (address) => void paste(address), cancel };
}
