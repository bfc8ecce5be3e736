// The sign-in in the browser of a connection's form: it is done for what the form says now, and is of no use elsewhere.
import { useRef, useState } from 'react';
import { type FormState, leadsOf, missing, toDraft } from '@/domain/form';
import { parseDay } from '@/domain/expiry';
import { type ConnectorSpecView, type FieldSpecView, type IpcError, type KeptSecretView, toIpcError } from '@/ipc';
import { m } from '@/messages';
import { SignInGroup, type SignInState, useSignIn } from '@/parts/sign-in';
import { vaultWord } from './describe';

/** What a sign-in has to know beside the form. */
export interface SignInOf {
  /** The connection that is changed. */
  connection: string | null;
  /** The one whose secrets are copied. */
  secretsOf: string | null;
  /** Secrets that a vault holds already. */
  kept: readonly KeptSecretView[];
}

type OnState = (change: (before: FormState) => FormState) => void;

/** Lives as long as the form, so that a field that is hidden for a moment loses nothing. */
export function useFormSignIn(spec: ConnectorSpecView, state: FormState, onState: OnState, of: SignInOf) {
  const key = spec.fields.find((field) => field.kind.type === 'sign-in')?.key;
  const [first] = useState(() => leadsOf(spec, state.values));
  const [lacks, setLacks] = useState(false);
  const madeFor = useRef('');
  const now = leadsOf(spec, state.values);

  const signing = useSignIn((id) => {
    if (key === undefined) return;
    const { current } = madeFor;
    onState((before) => {
      if (leadsOf(spec, before.values) !== current) return before;
      const fates = key in before.fates ? { ...before.fates, [key]: 'replaced' as const } : before.fates;
      return { ...before, values: { ...before.values, [key]: id }, fates };
    });
  });

  /** A change of where the connection leads makes a sign-in worthless: what was given for one host is not shown to another. */
  function change(make: (before: FormState) => FormState) {
    onState((before) => {
      const after = make(before);
      if (key === undefined || !after.values[key] || leadsOf(spec, after.values) === leadsOf(spec, before.values)) return after;
      const fates = after.fates[key] === 'replaced' ? { ...after.fates, [key]: 'kept' as const } : after.fates;
      return { ...after, values: { ...after.values, [key]: '' }, fates };
    });
  }
  function begin() {
    const lacking = missing(spec, state.values, state.fates).some((one) => one !== key);
    const whole = state.name.trim() !== '' && !lacking && parseDay(state.ends) !== undefined;
    setLacks(!whole);
    if (!whole) return;
    madeFor.current = now;
    const draft = toDraft(spec, state.name, state.values, state.fates);
    signing.begin({ ...draft, secretExpiresAt: null, secretsOf: of.secretsOf, signedIn: null }, of.connection);
  }
  function stateNow(): SignInState {
    if (key === undefined) return 'none';
    if (state.values[key]) return 'signed';
    const fate = state.fates[key];
    if (fate === 'forgotten') return 'forgotten';
    if (fate !== undefined) return now === first ? 'kept' : 'elsewhere';
    return signing.step.at === 'done' ? 'elsewhere' : 'none';
  }
  const refused: IpcError | null = signing.step.at === 'failed' ? toIpcError(signing.step.reason) : null;
  return { signing, begin, change, lacks, refused, state: stateNow() };
}

export function FormSignIn({
  field,
  form,
  name,
  help,
  kept,
  error,
  onFate,
}: {
  field: FieldSpecView;
  form: ReturnType<typeof useFormSignIn>;
  name: string;
  help: string;
  kept: readonly KeptSecretView[];
  error: string | undefined;
  onFate: (fate: 'kept' | 'forgotten') => void;
}) {
  const vault = kept.find((one) => one.key === field.key)?.vault;
  const rests = form.signing.step.at === 'rest' || form.signing.step.at === 'done';
  return (
    <SignInGroup
      label={field.label}
      help={help}
      state={form.state}
      place={name}
      signing={form.signing}
      onBegin={form.begin}
      keptIn={vault === undefined ? undefined : vaultWord(vault)}
      onForget={() => onFate('forgotten')}
      onKeep={form.state === 'forgotten' ? () => onFate('kept') : undefined}
      error={error ?? (form.lacks && rests ? m.signin_first() : undefined)}
    />
  );
}
