// Signing in, in the browser. None of it is kept: what comes of it is named by its id, and the secret stays in Rust.
import { desk, type ConnectionDraftView } from '@/ipc';

export const beginSignIn = (draft: ConnectionDraftView, of: string | null) => desk().beginSignIn(draft, of);

/** Ends when the browser came back; it shows `words` then. */
export const waitForSignIn = (id: string, words: string) => desk().waitForSignIn(id, words);

export const pasteSignIn = (id: string, address: string) => desk().pasteSignIn(id, address);

/** Nobody waits for this; what cannot be forgotten ends with the program. */
export const forgetSignIn = (id: string): void => void desk().forgetSignIn(id).catch(() => {});
