// Signing a person in, in their own browser. What it leaves stays in Rust: the window names the sign-in.
import type { ConnectionDraftView, SignInView } from '../bindings';

export interface SignInCalls {
  /** Opens the browser. `of` is the connection that is changed. */
  beginSignIn(draft: ConnectionDraftView, of: string | null): Promise<SignInView>;
  /** Ends when the browser came back; it shows `words` then. */
  waitForSignIn(id: string, words: string): Promise<null>;
  /** The address at which the browser ended. */
  pasteSignIn(id: string, address: string): Promise<null>;
  forgetSignIn(id: string): Promise<null>;
}
