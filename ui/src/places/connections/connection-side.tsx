import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { typedFolder } from '@/domain/path';
import type { AttentionView, ConnectionView, ConnectorSpecView, TestReportView, TestStepView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { TextField } from '@/kit/field';
import { KeyValues } from '@/kit/key-values';
import { Section } from '@/kit/section';
import { SidePanel } from '@/kit/split';
import { describeFailure, locale, m, sayIn } from '@/messages';
import { attentionLine, fact } from '@/parts/attention-facts';
import { Detail } from '@/parts/error-notice';
import { openAttention, openSend } from '@/parts/open-dialog';
import { dropFolder, rememberDropFolder } from '@/parts/remembered';
import styles from './connection-side.module.css';
import { whereLine } from './describe';
import { TestSteps } from './test-steps';

interface Props {
  connection: ConnectionView;
  spec: ConnectorSpecView | undefined;
  question: AttentionView | undefined;
  report: TestReportView | undefined;
  /** The steps that have ended, while a test runs. */
  testing: readonly TestStepView[] | null;
  onTest: () => void;
  onRemove: () => void;
  onClose: () => void;
}

/** Everything about one connection: what stops it, what its test found, its settings. */
export function ConnectionSide({ connection, spec, question, report, testing, onTest, onRemove, onClose }: Props) {
  const order = spec?.fields.map((field) => field.key) ?? [];
  const inOrder = connection.settings.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const settings = inOrder.map(({ key, value }) => ({
    key,
    label: spec?.fields.find((field) => field.key === key)?.label ?? key,
    value: shownValue(spec, key, value),
  }));
  return (
    <SidePanel
      id="connection-side"
      label={m.place_connections()}
      title={connection.name}
      subtitle={whereLine(connection, spec)}
      onClose={onClose}
      closeLabel={m.side_close()}
      actions={
        <>
          <Button shortcut="T" isDisabled={testing !== null} onPress={onTest}>
            {testing === null ? m.test_now() : m.testing()}
          </Button>
          <Button onPress={() => openSend([], connection.id)}>{m.send_here()}</Button>
          <span className={styles.push}>
            <Button tone="bad" onPress={onRemove}>
              {m.remove_connection()}
            </Button>
          </span>
        </>
      }
    >
      <WhatStopsIt connection={connection} question={question} report={report} />
      {testing || report ? (
        <TestSteps kind={connection.kind} steps={testing ?? report?.steps ?? []} running={testing !== null} />
      ) : null}
      {connection.waiting > 0 ? (
        <Section title={m.side_waiting()}>
          <p>{m.files_count({ count: connection.waiting, n: formatNumber(connection.waiting, locale()) })}</p>
        </Section>
      ) : null}
      {settings.length > 0 ? (
        <Section title={m.side_settings()}>
          <KeyValues pairs={settings} />
        </Section>
      ) : null}
      {connection.remarks.length > 0 ? (
        <Section title={m.side_remarks()}>
          <ul className={styles.remarks}>
            {connection.remarks.map((remark) => (
              <li key={remark.text}>{sayIn(connection.kind, remark)}</li>
            ))}
          </ul>
        </Section>
      ) : null}
      <DropsGoTo key={connection.id} connection={connection.id} />
    </SidePanel>
  );
}

/** The open question comes first; without one, the reason why the last test or transfer failed. */
function WhatStopsIt({ connection, question, report }: Pick<Props, 'connection' | 'question' | 'report'>) {
  if (question) {
    const known = fact(question, 'known');
    const now = fact(question, 'fingerprint');
    const changed = question.kind === 'host-key-changed';
    return (
      <Callout
        tone={changed || question.kind === 'unauthenticated' ? 'bad' : 'warn'}
        title={changed ? m.key_changed_title() : attentionLine(question)}
        actions={
          <Button onPress={() => openAttention(question.id)}>{changed ? m.key_replace_open() : m.act_answer()}</Button>
        }
      >
        {changed ? <p>{m.key_changed_body({ place: connection.name })}</p> : null}
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
  if (report?.failure) {
    const text = describeFailure(report.failure, { name: connection.name, source: connection.name, destination: connection.name });
    return (
      <Callout tone={text.tone} title={text.title}>
        <p>{text.body}</p>
        <Detail text={text.detail} />
      </Callout>
    );
  }
  if (report) return <Callout tone="ok" title={m.test_passed()} />;
  if (connection.health === 'failed' || connection.health === 'stopped')
    return (
      <Callout tone="bad" title={connection.health === 'failed' ? m.health_failed() : m.health_needs_attention()}>
        <p>{m.health_failed_body({ place: connection.name })}</p>
        {connection.healthDetail === null ? null : <Detail text={connection.healthDetail} />}
      </Callout>
    );
  return null;
}

function shownValue(spec: ConnectorSpecView | undefined, key: string, value: string): string {
  const kind = spec?.fields.find((field) => field.key === key)?.kind;
  if (kind?.type === 'flag') return value === 'true' ? m.setting_yes() : m.setting_no();
  if (kind?.type === 'choice') return kind.choices.find((choice) => choice.value === value)?.label ?? value;
  return value;
}

function DropsGoTo({ connection }: { connection: string }) {
  const [folder, setFolder] = useState(() => dropFolder(connection));
  return (
    <TextField
      label={m.drops_go_to()}
      help={m.drops_go_to_help()}
      value={folder}
      onChange={(text) => {
        setFolder(text);
        rememberDropFolder(connection, typedFolder(text));
      }}
      mono
    />
  );
}
