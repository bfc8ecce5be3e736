// Sign-ins of the fake desk. No browser opens: a test says how it comes back.
import type { ConnectionDraftView, FailureKindView, IpcError, SaidView, SignInView } from '../bindings';
import { IpcFailure } from '../failure';
import type { SignInCalls } from '../ports/sign-in';
import { type FakeCore, refuse } from './core';

/** How a sign-in that went wrong is told. */
export function signInRefused(kind: FailureKindView, message: string): IpcError {
  return { code: 'remote', failure: { kind, side: 'destination', message, code: null } };
}

const OVER: IpcError = { code: 'invalid', message: 'this sign-in is over; begin again' };

export class FakeSignIns {
  /** What the next sign-ins begin like. */
  deaf: SaidView | null = null;
  opens = true;
  /** Every one that was begun, with the words of the browser's page once somebody waits. */
  readonly begun: { id: string; draft: ConnectionDraftView; of: string | null; words: string | null }[] = [];
  readonly forgotten: string[] = [];
  readonly done = new Set<string>();
  readonly #waiting = new Map<string, { end: () => void; fail: (reason: IpcFailure) => void }>();

  begin(draft: ConnectionDraftView, of: string | null): SignInView {
    const id = `s-${this.begun.length + 1}`;
    this.begun.push({ id, draft, of, words: null });
    const base = draft.settings.find((one) => one.key === 'base_url')?.value ?? 'https://sign-in.example';
    const back = encodeURIComponent('http://127.0.0.1:48123/callback');
    const address = `${base}/tenants/north/oauth2/auth?response_type=code&client_id=desk&redirect_uri=${back}&state=Zm9ydHktdHdvLXJhbmRvbS1ieXRlcw&code_challenge=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU&code_challenge_method=S256&scope=openid%20otds%3Agroups`;
    return { id, address, deaf: this.deaf, opened: this.opens };
  }

  wait(id: string, words: string): Promise<null> {
    const one = this.begun.find((other) => other.id === id);
    if (!one) refuse(OVER);
    one.words = words;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        end: () => resolve(null),
        fail: reject,
      });
    });
  }

  /** The browser of the newest one comes back. */
  comeBack(): void {
    const id = this.begun.at(-1)?.id ?? '';
    this.done.add(id);
    this.#waiting.get(id)?.end();
  }

  /** The newest one ends so. */
  fail(error: IpcError): void {
    this.#waiting.get(this.begun.at(-1)?.id ?? '')?.fail(new IpcFailure(error));
  }

  paste(id: string, address: string): void {
    if (!this.begun.some((one) => one.id === id) || this.forgotten.includes(id)) refuse(OVER);
    if (!/^https?:/.test(address.trim())) refuse(signInRefused('invalid', 'this is no address; copy the whole line at the top of the browser'));
    if (/[?&]error=access_denied/.test(address)) refuse(signInRefused('unauthenticated', 'the sign-in was refused (access_denied)'));
    if (!/[?&]code=/.test(address)) refuse(signInRefused('invalid', 'the address holds no answer of a sign-in; copy it whole, after the page has changed'));
    this.done.add(id);
  }
}

export function fakeSignIns(core: FakeCore, browser: FakeSignIns): SignInCalls {
  return {
    async beginSignIn(draft, of) {
      core.check('beginSignIn');
      return browser.begin(draft, of);
    },
    async waitForSignIn(id, words) {
      core.check('waitForSignIn');
      return browser.wait(id, words);
    },
    async pasteSignIn(id, address) {
      core.check('pasteSignIn');
      browser.paste(id, address);
      return null;
    },
    async forgetSignIn(id) {
      browser.forgotten.push(id);
      return null;
    },
  };
}
