import type { ReactNode } from 'react';
import { secretEnd } from '@/domain/expiry';
import type { AttentionView, ConnectionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { KeyValues } from '@/kit/key-values';
import { describeFailure, m } from '@/messages';
import { FailureWays } from './failure-ways';
import { answerLabel, attentionLine, fact, hitchTexts } from '@/parts/attention-facts';
import { needTone } from '@/parts/need-icon';
import { Detail } from '@/parts/error-notice';
import { openAttention, openTask } from '@/parts/open-dialog';
import { useNow } from '@/parts/use-now';
import { endLine } from './describe';
import type { TestRun } from './test-runs';
import { Outcome } from './tested';

interface Props {
  connection: ConnectionView;
  question: AttentionView | undefined;
  run: TestRun | undefined;
}

/** The open question comes first; without one the last test, then what is kept of the last failure, then what ends soon. */
export function WhatStopsIt({ connection, question, run }: Props) {
  const now = useNow('minute');
  const end = secretEnd(connection, now);
  const ended = run && !run.running ? run : null;
  const toForm = () => openTask({ kind: 'edit-connection', id: connection.id });
  const edit = <Button onPress={toForm}>{m.renew_secret()}</Button>;
  const change = <Button onPress={toForm}>{m.change_settings()}</Button>;
  return (
    <>
      {question ? (
        <Question connection={connection} question={question} />
      ) : ended ? (
        <Outcome kind={connection.kind} run={ended} name={connection.name} actions={change} />
      ) : run ? null : (
        <LastFailure connection={connection} change={change} />
      )}
      {end && end.look !== 'fine' ? (
        <Callout tone={end.look === 'over' ? 'bad' : 'warn'} title={endLine(end, now)} actions={end.of === 'secret' ? edit : undefined}>
          <p>{end.of === 'session' ? m.session_ends_body() : end.of === 'certificate' ? m.certificate_ends_body() : m.secret_ends_body()}</p>
        </Callout>
      ) : null}
    </>
  );
}

function Question({ connection, question }: { connection: ConnectionView; question: AttentionView }) {
  const known = fact(question, 'known');
  const now = fact(question, 'fingerprint');
  const changed = question.kind === 'host-key-changed';
  const hitch = hitchTexts(question);
  return (
    <Callout
      tone={needTone(question.kind, question)}
      title={changed ? m.key_changed_title() : attentionLine(question)}
      actions={<Button onPress={() => openAttention(question.id)}>{changed ? m.key_replace_open() : answerLabel(question)}</Button>}
    >
      {changed ? <p>{m.key_changed_body({ place: connection.name })}</p> : null}
      {hitch ? <p>{hitch.detail()}</p> : null}
      {now !== null ? (
        <KeyValues
          narrow
          pairs={[
            ...(known === null ? [] : [{ key: 'known', label: m.key_known(), value: known, mono: true }]),
            { key: 'now', label: m.key_now(), value: now, mono: true },
          ]}
        />
      ) : null}
    </Callout>
  );
}

function LastFailure({ connection, change }: { connection: ConnectionView; change: ReactNode }) {
  const { health, failure, healthDetail, name } = connection;
  if (health !== 'failed' && health !== 'stopped') return null;
  const text = failure === null ? null : describeFailure(failure, { name, source: name, destination: name }, true);
  const detail = text?.detail ?? healthDetail;
  return (
    <Callout tone={text?.tone ?? 'bad'} title={text?.title ?? (health === 'failed' ? m.health_failed() : m.health_needs_attention())} actions={<FailureWays failure={failure}>{change}</FailureWays>}>
      <p>{text?.body ?? m.health_failed_body({ place: name })}</p>
      {detail === null ? null : <Detail text={detail} />}
    </Callout>
  );
}
