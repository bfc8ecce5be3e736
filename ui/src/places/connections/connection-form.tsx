import { useMutation } from '@tanstack/react-query';
import { type ClipboardEvent, useState } from 'react';
import { parseDay } from '@/domain/expiry';
import { type FormState, isFolded, isShown, missing, type SecretFate } from '@/domain/form';
import type { AddressView, ConnectorSpecView, FieldSpecView, IpcError } from '@/ipc';
import { Callout } from '@/kit/callout';
import { Disclosure } from '@/kit/disclosure';
import { TextField } from '@/kit/field';
import { m, sayIn } from '@/messages';
import { readAddress } from '@/queries';
import { FieldMapField } from './field-map/field-map-field';
import { FormSignIn, type SignInOf, useFormSignIn } from './form-sign-in';
import styles from './forms.module.css';
import { SpecField, upper } from './spec-field';

interface Props {
  spec: ConnectorSpecView;
  state: FormState;
  onState: (change: (before: FormState) => FormState) => void;
  /** Whether it was tried to go on: only then is said what is missing. */
  asked: boolean;
  refused: IpcError | null;
  onSubmit: () => void;
  signIn: SignInOf;
  /** The folder that a pasted address led to. */
  onFolder?: (folder: string) => void;
}

/** Whether the form can be sent as it is. */
export function isWhole(spec: ConnectorSpecView, state: FormState): boolean {
  return state.name.trim() !== '' && missing(spec, state.values, state.fates).length === 0 && parseDay(state.ends) !== undefined;
}

/** The fields of a connection: those that matter first, the others folded, and each with what is wrong with it. */
export function ConnectionForm({ spec, state, onState: onFilled, asked, refused, onSubmit, signIn, onFolder }: Props) {
  const [pasted, setPasted] = useState<AddressView | null>(null);
  const reading = useMutation({ ...readAddress, onSuccess: (address: AddressView | null) => take(address) });
  const person = useFormSignIn(spec, state, onFilled, signIn);
  const onState = person.change;
  const tried = asked || person.lacks;
  const lacking = new Set(tried ? missing(spec, state.values, state.fates) : []);

  function take(address: AddressView | null) {
    if (address?.kind !== spec.kind) return;
    const given = Object.fromEntries(address.settings.map(({ key, value }) => [key, value]));
    onState((before) => ({ ...before, values: { ...before.values, ...given } }));
    if (address.folder !== null) onFolder?.(address.folder);
    setPasted(address);
  }
  /** A whole address that is pasted into any field but a secret fills the form. */
  function onPaste(event: ClipboardEvent) {
    const text = event.clipboardData.getData('text');
    const secret = event.target instanceof HTMLInputElement && event.target.type === 'password';
    if (!secret && /^\s*([a-z][a-z0-9]+:\/\/|arn:aws)/i.test(text)) reading.mutate(text);
  }
  function problemOf(key: string): string | undefined {
    if (lacking.has(key)) return m.field_needed();
    const problem = [refused, person.refused].flatMap((one) => (one?.code === 'settings' ? one.problems : [])).find((one) => one.key === key);
    if (!problem) return undefined;
    return problem.said ? sayIn(spec.kind, problem.said) : problem.reason;
  }
  function nameProblem(): string | undefined {
    if (tried && state.name.trim() === '') return m.add_name_needed();
    if (refused?.code === 'name-taken' && refused.name === state.name.trim()) return m.add_name_taken();
    return problemOf('name');
  }

  const setValue = (key: string, value: string) => onState((before) => ({ ...before, values: { ...before.values, [key]: value } }));
  const setFate = (key: string, fate: SecretFate) => onState((before) => ({ ...before, fates: { ...before.fates, [key]: fate } }));
  const valueOf = (key: string) => state.values[key] ?? '';
  const draw = (field: FieldSpecView) => {
    const { key, kind } = field;
    if (kind.type === 'sign-in')
      return (
        <FormSignIn
          key={key}
          field={field}
          form={person}
          name={state.name}
          help={upper(field.help)}
          kept={signIn.kept}
          error={asked ? problemOf(key) : undefined}
          onFate={(fate) => setFate(key, fate)}
        />
      );
    const shared = { value: valueOf(key), error: problemOf(key), onChange: (value: string) => setValue(key, value) };
    if (kind.type !== 'field-map') return <SpecField key={key} field={field} {...shared} fate={state.fates[key]} onFate={(fate) => setFate(key, fate)} />;
    const { sample } = kind;
    const kept = sample === null ? null : { sample: valueOf(sample), onSample: (text: string) => setValue(sample, text), error: problemOf(sample) };
    return <FieldMapField key={key} kind={spec.kind} label={field.label} help={upper(field.help)} {...shared} kept={kept} />;
  };
  const samplesOf = (field: FieldSpecView) => (field.kind.type === 'field-map' && field.kind.sample !== null ? [field.kind.sample] : []);
  const samples = new Set(spec.fields.flatMap(samplesOf));
  // A sample is edited with its map.
  const shown = spec.fields.filter((field) => isShown(field, state.values) && !samples.has(field.key));
  // What is wrong is never folded away.
  const isRight = (field: FieldSpecView) => [field.key, ...samplesOf(field)].every((key) => problemOf(key) === undefined);
  const folded = shown.filter((field) => isFolded(field, state.values) && isRight(field));
  const hasSecrets = spec.fields.some((field) => field.kind.type === 'secret');
  const ends = (
    <TextField
      label={m.secret_ends_on()}
      help={m.secret_ends_help()}
      placeholder="2027-03-31"
      value={state.ends}
      onChange={(text) => onState((before) => ({ ...before, ends: text }))}
      error={parseDay(state.ends) === undefined ? m.secret_ends_shape() : undefined}
      name="ends"
    />
  );
  return (
    <form
      className={styles.form}
      onPaste={onPaste}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {pasted ? <Pasted address={pasted} spec={spec} /> : null}
      <TextField
        label={m.add_name()}
        help={m.add_name_help()}
        value={state.name}
        onChange={(name) => onState((before) => ({ ...before, name }))}
        required
        autoFocus
        error={nameProblem()}
        name="name"
      />
      {shown.filter((field) => !folded.includes(field)).map(draw)}
      {folded.length > 0 || hasSecrets ? (
        <Disclosure title={m.more_settings()}>
          <div className={styles.form}>
            {folded.map(draw)}
            {hasSecrets ? ends : null}
          </div>
        </Disclosure>
      ) : null}
      <button type="submit" hidden aria-label={m.add_now()} />
    </form>
  );
}

/** What became of a pasted address. */
function Pasted({ address, spec }: { address: AddressView; spec: ConnectorSpecView }) {
  const labels = address.settings.map(({ key }) => spec.fields.find((field) => field.key === key)?.label ?? key);
  return (
    <Callout tone={address.remarks.length > 0 ? 'warn' : 'accent'} title={m.pasted_title({ fields: labels.join(', ') })} live>
      {address.folder === null ? null : <p>{m.pasted_folder({ folder: address.folder })}</p>}
      {address.remarks.map((remark) => (
        <p key={remark.text}>{sayIn(address.kind, remark)}</p>
      ))}
    </Callout>
  );
}
