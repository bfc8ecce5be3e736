import { commands } from '../bindings';
import type { SignInCalls } from '../ports/sign-in';
import { ask } from './ask';

export const signInCalls: SignInCalls = {
  beginSignIn: (draft, of) => ask(commands.signInBegin(draft, of)),
  waitForSignIn: (id, words) => ask(commands.signInWait(id, words)),
  pasteSignIn: (id, address) => ask(commands.signInPaste(id, address)),
  forgetSignIn: (id) => ask(commands.signInForget(id)),
};
