import { CircleCheck } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type SignInView, toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { CopyButton } from '@/kit/copy-button';
import { Disclosure } from '@/kit/disclosure';
import { TextField } from '@/kit/field';
import { failureWords, m, sayIn, sentence } from '@/messages';
import { Detail } from '../error-notice';
import styles from './sign-in.module.css';
import { describeSignIn } from './sign-in-words';
import type { SigningIn } from './use-sign-in';

/** What there is of a sign-in before and after this one: nothing, one of this form, one in a vault, or one that is of no use. */
export type SignInState = 'none' | 'signed' | 'kept' | 'forgotten' | 'elsewhere';

interface Props {
  label: string;
  help: string;
  state: SignInState;
  /** The connection, for what went wrong. */
  place: string;
  signing: SigningIn;
  onBegin: () => void;
  /** Where a kept one lies, in words. */
  keptIn?: string | undefined;
  onForget?: (() => void) | undefined;
  onKeep?: (() => void) | undefined;
  error?: string | undefined;
}

/** Somebody signs in, in their browser: the button, what goes on meanwhile, and what came of it. */
export function SignInGroup({ label, help, state, place, signing, onBegin, keptIn, onForget, onKeep, error }: Props) {
  const { step } = signing;
  const group = useRef<HTMLDivElement>(null);
  const drawn = useRef(step.at);
  const rests = step.at === 'rest' || step.at === 'done';
  useEffect(() => {
    // What was pressed is gone: the focus stays where things go on, and is taken from nobody who is elsewhere.
    if (drawn.current !== step.at && (document.activeElement === document.body || document.activeElement === null)) group.current?.focus();
    drawn.current = step.at;
  }, [step.at]);
  return (
    <div ref={group} role="group" aria-label={label} tabIndex={-1} className={styles.group}>
      <span className={styles.label}>{label}</span>
      <div role="status" className={styles.status}>
        {step.at === 'waiting' ? m.signin_waiting() : null}
        {step.at === 'begun' ? m.signin_begun() : null}
        {rests || (step.at === 'failed' && state !== 'none') ? <Outcome state={state} help={help} keptIn={keptIn} /> : null}
      </div>
      {step.at === 'waiting' ? <Waiting view={step.view} signing={signing} pasting={step.pasting} pasted={step.pasted} /> : null}
      {step.at === 'failed' ? (
        <Failed reason={step.reason} asked={step.asked} place={place} onBegin={onBegin} onCancel={state === 'none' ? null : signing.cancel} />
      ) : null}
      {step.at === 'begun' ? (
        <Line>
          <Button onPress={signing.cancel}>{m.cancel()}</Button>
        </Line>
      ) : null}
      {rests ? (
        <Line>
          <Button onPress={onBegin}>{state === 'none' ? m.signin_now() : m.signin_again()}</Button>
          {state === 'kept' && onForget ? (
            <Button tone="quiet" onPress={onForget}>
              {m.secret_forget()}
            </Button>
          ) : null}
          {onKeep ? (
            <Button tone="quiet" onPress={onKeep}>
              {m.secret_keep()}
            </Button>
          ) : null}
        </Line>
      ) : null}
      {error === undefined ? null : <span className={styles.error}>{error}</span>}
    </div>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <div className={styles.line}>{children}</div>;
}

function Outcome({ state, help, keptIn }: { state: SignInState; help: string; keptIn: string | undefined }) {
  switch (state) {
    case 'none':
      return <span className={styles.quiet}>{[help, m.signin_how()].filter(Boolean).map(sentence).join(' ')}</span>;
    case 'signed':
      return <Good>{m.signin_done()}</Good>;
    case 'kept':
      return <Good>{keptIn === undefined ? m.signin_done() : m.signin_kept({ vault: keptIn })}</Good>;
    case 'forgotten':
      return <span className={styles.quiet}>{m.secret_is_forgotten()}</span>;
    case 'elsewhere':
      return <span className={styles.warn}>{m.signin_elsewhere()}</span>;
  }
}

function Good({ children }: { children: string }) {
  return (
    <span className={styles.good}>
      <CircleCheck aria-hidden size={16} />
      {children}
    </span>
  );
}

/** The browser is open somewhere: what it was given, and what to do where it cannot come back. */
function Waiting({ view, signing, pasting, pasted }: { view: SignInView; signing: SigningIn; pasting: boolean; pasted: unknown }) {
  const [address, setAddress] = useState('');
  const paste = () => {
    if (address.trim() !== '' && !pasting) signing.paste(address.trim());
  };
  const field = (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- keeps Enter and what is pasted from the form around it
    <div
      className={styles.paste}
      onPaste={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
        event.preventDefault();
        paste();
      }}
    >
      <TextField
        label={m.signin_ended_at()}
        help={m.signin_ended_at_help()}
        value={address}
        onChange={setAddress}
        error={pasted === null ? undefined : m.signin_ended_at_wrong()}
        mono
        beside={
          <Button isDisabled={pasting || address.trim() === ''} onPress={paste}>
            {pasting ? m.signin_checking() : m.signin_take()}
          </Button>
        }
      />
      {pasted === null ? null : <Said reason={pasted} />}
    </div>
  );
  return (
    <div className={styles.box}>
      {view.opened ? <p>{m.signin_waiting_how()}</p> : <p className={styles.warn}>{m.signin_no_browser()}</p>}
      <div className={styles.frame}>
        {/* A scrolling region has to be reachable by keyboard where nothing in it takes the focus. */}
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
        <code data-text translate="no" tabIndex={0} aria-label={m.signin_address()} role="group" className={styles.address}>
          {view.address}
        </code>
      </div>
      {view.deaf === null ? null : (
        <>
          <p className={styles.warn}>{m.signin_deaf()}</p>
          <p data-text className={styles.quiet}>
            {sentence(sayIn(null, view.deaf))}
          </p>
        </>
      )}
      {view.deaf === null ? <Disclosure title={m.signin_not_back()}>{field}</Disclosure> : field}
      <Line>
        <CopyButton text={view.address} label={m.signin_copy()} doneLabel={m.copied()} />
        <Button tone="quiet" onPress={signing.cancel}>
          {m.cancel()}
        </Button>
      </Line>
    </div>
  );
}

/** The reason in the words of the desk or of the sign-in service. */
function Said({ reason }: { reason: unknown }) {
  const error = toIpcError(reason);
  return error.code === 'remote' ? <Detail text={sentence(failureWords(error.failure))} /> : null;
}

function Failed({ reason, asked, place, onBegin, onCancel }: { reason: unknown; asked: boolean; place: string; onBegin: () => void; onCancel: (() => void) | null }) {
  const text = describeSignIn(reason, asked, place);
  return (
    <Callout
      tone="bad"
      title={text.title}
      live
      actions={
        <>
          <Button onPress={onBegin}>{m.signin_begin_again()}</Button>
          {onCancel === null ? null : (
            <Button tone="quiet" onPress={onCancel}>
              {m.cancel()}
            </Button>
          )}
        </>
      }
    >
      <p>{text.body}</p>
      {text.detail === null ? null : <Detail text={text.detail} />}
    </Callout>
  );
}
