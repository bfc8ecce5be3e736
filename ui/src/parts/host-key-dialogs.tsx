import { useState } from 'react';
import { isFingerprint, normalFingerprint, sameFingerprint } from '@/domain/fingerprint';
import type { AnswerView, AttentionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { CopyButton } from '@/kit/copy-button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { KeyValues } from '@/kit/key-values';
import { m } from '@/messages';
import { fact } from './attention-facts';
import styles from './dialogs.module.css';

interface Props {
  attention: AttentionView;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}

/** Trust on first use, made explicit: the fingerprint is shown, and nothing is chosen beforehand. */
export function UnknownHostKeyDialog({ attention, pending, problem, onAnswer, onClose }: Props) {
  const place = attention.connectionName ?? '';
  const fingerprint = fact(attention, 'fingerprint') ?? '';
  return (
    <Dialog
      title={m.key_unknown_title({ place })}
      onClose={onClose}
      closeLabel={m.close()}
      role="alertdialog"
      wide
      actions={
        <>
          <Button onPress={onClose}>{m.key_distrust()}</Button>
          <Button
            tone="go"
            isDisabled={pending || fingerprint === ''}
            onPress={() => onAnswer({ answer: 'trust-host-key', fingerprint })}
          >
            {m.key_trust()}
          </Button>
        </>
      }
    >
      <p>{m.key_unknown_body({ host: fact(attention, 'host') ?? place })}</p>
      <KeyFacts attention={attention} fingerprint={fingerprint} />
      <p className={styles.quiet}>{m.key_trust_recorded()}</p>
      {problem}
    </Dialog>
  );
}

function KeyFacts({ attention, fingerprint }: { attention: AttentionView; fingerprint: string }) {
  return (
    <div className={styles.facts}>
      <KeyValues
        pairs={[
          { key: 'server', label: m.key_server(), value: fact(attention, 'host') ?? attention.connectionName },
          { key: 'fingerprint', label: m.key_fingerprint(), value: fingerprint, mono: true },
        ]}
      />
    </div>
  );
}

/** A hard stop. It ends only with the fingerprint that was obtained elsewhere, typed or pasted, never by one click. */
export function ChangedHostKeyDialog({ attention, pending, problem, onAnswer, onClose }: Props) {
  const [typed, setTyped] = useState('');
  const place = attention.connectionName ?? '';
  const now = fact(attention, 'fingerprint') ?? '';
  const known = fact(attention, 'known') ?? '';
  const whole = isFingerprint(typed);
  const right = whole && sameFingerprint(typed, now);
  const error = typed.trim() === '' || right ? undefined : whole ? m.key_replace_other({ place }) : m.key_replace_shape();
  return (
    <Dialog
      title={m.key_changed_title()}
      tone="bad"
      onClose={onClose}
      closeLabel={m.close()}
      role="alertdialog"
      wide
      actions={
        <>
          <Button onPress={onClose}>{m.key_distrust()}</Button>
          <Button
            tone="bad"
            isDisabled={!right || pending}
            onPress={() => onAnswer({ answer: 'replace-host-key', fingerprint: normalFingerprint(typed) })}
          >
            {m.key_replace_now()}
          </Button>
        </>
      }
    >
      <Callout
        tone="bad"
        title={place}
        actions={<CopyButton text={`${m.key_known()} ${known}\n${m.key_now()} ${now}`} label={m.copy_both()} doneLabel={m.copied()} />}
      >
        <p>{m.key_changed_body({ place })}</p>
        <KeyValues
          narrow
          pairs={[
            { key: 'known', label: m.key_known(), value: known, mono: true },
            { key: 'now', label: m.key_now(), value: now, mono: true },
          ]}
        />
      </Callout>
      <TextField
        label={m.key_replace_field()}
        help={m.key_replace_help()}
        value={typed}
        onChange={setTyped}
        error={error}
        placeholder="SHA256:"
        mono
      />
      <p className={styles.quiet}>{m.key_replace_recorded()}</p>
      {problem}
    </Dialog>
  );
}
