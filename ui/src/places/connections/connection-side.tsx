import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronRight, Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { Button as AriaButton } from 'react-aria-components';
import { secretEnd } from '@/domain/expiry';
import { formatNumber } from '@/domain/measure';
import { formatExact, formatRelative } from '@/domain/moment';
import { shownName, typedFolder } from '@/domain/path';
import type { AttentionView, ConnectionFactsView, ConnectionView, ConnectorSpecView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { TextField } from '@/kit/field';
import { KeyValues } from '@/kit/key-values';
import { MenuButton, type MenuPart } from '@/kit/menu';
import { Section } from '@/kit/section';
import { SidePanel } from '@/kit/split';
import { locale, m, sayIn } from '@/messages';
import { openSend, openTask } from '@/parts/open-dialog';
import { dropFolder, rememberDropFolder } from '@/parts/remembered';
import { useNow } from '@/parts/use-now';
import { connectionFacts } from '@/queries';
import styles from './connection-side.module.css';
import { endLine, fieldLabel, latencyText, shownValue, signedInLine, vaultWord, whereLine } from './describe';
import { Powers, lacksPower } from './powers';
import { useTestRun } from './test-runs';
import { TestSteps } from './test-steps';
import { WhatStopsIt } from './what-stops-it';

interface Props {
  connection: ConnectionView;
  spec: ConnectorSpecView | undefined;
  question: AttentionView | undefined;
  /** Everything that may be done with it, for the menu at the end. */
  acts: readonly MenuPart[];
  onTest: () => void;
  onClose: () => void;
}

/** Everything about one connection: what stops it, what its test found, what it can do, its settings. */
export function ConnectionSide({ connection, spec, question, acts, onTest, onClose }: Props) {
  const run = useTestRun(connection.id);
  const facts = useQuery(connectionFacts(connection.id)).data;
  const running = run?.running ?? false;
  const navigate = useNavigate();
  return (
    <SidePanel
      id="connection-side"
      label={m.place_connections()}
      title={shownName(connection.name)}
      subtitle={whereLine(connection, spec)}
      onClose={onClose}
      closeLabel={m.side_close()}
      actions={
        <>
          {lacksPower(facts, 'list') ? null : (
            <Button onPress={() => void navigate({ to: '/browse', search: { at: connection.id } })}>{m.browse_short()}</Button>
          )}
          {lacksPower(facts, 'write') ? null : <Button onPress={() => openSend([], connection.id)}>{m.send_short()}</Button>}
          <Button isDisabled={running} onPress={onTest}>
            {running ? m.testing() : m.test_now()}
          </Button>
          <span className={styles.push}>
            <MenuButton
              label={m.more_acts()}
              parts={acts}
              trigger={
                <IconButton label={m.more_acts()}>
                  <Ellipsis aria-hidden size={16} />
                </IconButton>
              }
            />
          </span>
        </>
      }
    >
      <WhatStopsIt connection={connection} question={question} run={run} />
      {run && (running || run.steps.length > 0) ? <TestSteps kind={connection.kind} run={run} /> : null}
      <State connection={connection} facts={facts} />
      {facts && facts.runs.length > 0 ? <Runs facts={facts} /> : null}
      {lacksPower(facts, 'write') ? null : <DropsGoTo key={connection.id} connection={connection.id} />}
      <SettingsOf connection={connection} spec={spec} />
      {facts && facts.powers.length > 0 ? <Powers facts={facts} /> : null}
      {connection.remarks.length > 0 ? (
        <Section title={m.side_remarks()}>
          <ul className={styles.remarks}>
            {connection.remarks.map((remark) => (
              <li key={remark.text}>{sayIn(connection.kind, remark)}</li>
            ))}
          </ul>
        </Section>
      ) : null}
    </SidePanel>
  );
}

/** How it was lately, and what waits. */
function State({ connection, facts }: { connection: ConnectionView; facts: ConnectionFactsView | undefined }) {
  const now = useNow('minute');
  const end = secretEnd(connection, now);
  const { lastGoodAt } = connection;
  const latency = latencyText(connection);
  const signedIn = facts?.signedIn ?? null;
  const signedInWords = signedIn === null ? null : signedInLine(signedIn, now);
  return (
    <Section title={m.side_state()}>
      <KeyValues
        pairs={[
          {
            key: 'good',
            label: m.side_last_good(),
            value: lastGoodAt === null ? m.never_used() : formatRelative(lastGoodAt, now, locale()),
            title: lastGoodAt === null ? undefined : formatExact(lastGoodAt, locale()),
          },
          ...(latency === null ? [] : [{ key: 'latency', label: m.side_latency(), value: latency }]),
          ...(signedInWords === null
            ? []
            : [
                {
                  key: 'signed-in',
                  label: m.side_signed_in(),
                  value: signedInWords,
                  title: signedIn?.until == null ? undefined : formatExact(signedIn.until, locale()),
                },
              ]),
          ...(end === null ? [] : [{ key: 'ends', label: m.side_secret(), value: endLine(end, now), title: formatExact(end.at, locale()) }]),
          {
            key: 'waiting',
            label: m.side_waiting(),
            value: m.transfers_count({ count: connection.waiting, n: formatNumber(connection.waiting, locale()) }),
          },
        ]}
      />
    </Section>
  );
}

function SettingsOf({ connection, spec }: { connection: ConnectionView; spec: ConnectorSpecView | undefined }) {
  const order = spec?.fields.map((field) => field.key) ?? [];
  const inOrder = connection.settings.toSorted((a, b) => order.indexOf(a.key) - order.indexOf(b.key));
  const pairs = [
    ...inOrder.map(({ key, value }) => ({ key, label: fieldLabel(spec, key), value: shownValue(spec, key, value) })),
    ...connection.secrets.map(({ key, vault }) => ({
      key: `secret-${key}`,
      label: fieldLabel(spec, key),
      value: m.secret_lies_in({ vault: vaultWord(vault) }),
    })),
  ];
  return (
    <Section title={m.side_settings()}>
      {pairs.length === 0 ? null : <KeyValues pairs={pairs} />}
      <div className={styles.change}>
        <Button shortcut="E" onPress={() => openTask({ kind: 'edit-connection', id: connection.id })}>
          {m.edit_connection()}
        </Button>
      </div>
    </Section>
  );
}

/** The newest runs that begin or end there, each a way to it among the transfers. */
function Runs({ facts }: { facts: ConnectionFactsView }) {
  const navigate = useNavigate();
  const now = useNow('minute');
  const number = (value: number) => formatNumber(value, locale());
  return (
    <Section title={m.side_runs()}>
      <ul className={styles.runs}>
        {facts.runs.map((run) => (
          <li key={run.id}>
            <AriaButton className={styles.run} onPress={() => void navigate({ to: '/transfers', search: { run: run.id } })}>
              <span className={styles.runTitle}>{shownName(run.title)}</span>
              <span className={styles.runFacts} title={formatExact(run.createdAt, locale())}>
                {m.side_run_line({ when: formatRelative(run.createdAt, now, locale()), done: number(run.matched), all: number(run.files) })}
              </span>
              <ChevronRight aria-hidden size={14} />
            </AriaButton>
          </li>
        ))}
      </ul>
    </Section>
  );
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
