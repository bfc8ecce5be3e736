// What went wrong with a sign-in, as a sentence with who can mend it.
import { toIpcError } from '@/ipc';
import { describeError, failureWords, m, sentence } from '@/messages';

/** `asked`: the person was asked already. What stood in the way before has the words that it has everywhere. */
export function describeSignIn(reason: unknown, asked: boolean, place: string): ReturnType<typeof describeError> {
  const error = toIpcError(reason);
  if (error.code === 'invalid') return { title: m.signin_over_title(), body: m.signin_over_body(), detail: null };
  if (error.code !== 'remote' || !asked) return describeError(error, place);
  const detail = sentence(failureWords(error.failure));
  switch (error.failure.kind) {
    case 'unauthenticated':
      return { title: m.signin_refused_title(), body: m.signin_refused_body(), detail };
    case 'timed-out':
      return { title: m.signin_late_title(), body: m.signin_late_body(), detail };
    case 'invalid':
      return { title: m.signin_wrong_title(), body: m.signin_wrong_body(), detail };
    case 'denied':
      return { title: m.signin_short_title(), body: m.signin_short_body(), detail };
    default:
      return describeError(error, place);
  }
}
