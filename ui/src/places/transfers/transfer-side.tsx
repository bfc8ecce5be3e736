import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { formatBytes, formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { actsOf } from '@/domain/transfer';
import type { RunView, TransferView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { KeyValues } from '@/kit/key-values';
import { Section } from '@/kit/section';
import { SidePanel } from '@/kit/split';
import { Steps } from '@/kit/steps';
import { evidenceWord, locale, m, sayIn, stateWord } from '@/messages';
import { attentionLine } from '@/parts/attention-facts';
import { ErrorNotice } from '@/parts/error-notice';
import { FailureNotice } from '@/parts/failure-notice';
import { openAttention } from '@/parts/open-dialog';
import { useNow } from '@/parts/use-now';
import { attention as attentionQuery, connections as connectionsQuery, transferDetails } from '@/queries';
import { ACTS, type Acts, possibleActs } from './acts';
import { Confirmed } from './confirmed';
import { Evidence, useEndActions } from './ends';
import { GivenMetadata } from './given';
import { menuOf } from './menus';
import { useOpenEnd } from './open-end';
import { SideActs } from './side-acts';
import { capital, storySteps } from './story-steps';
import { facts } from './transfer-facts';
import styles from './transfer-side.module.css';
import { useAsked, useStopped } from './use-stopped';

interface Props {
  transfers: readonly TransferView[];
  run: RunView | undefined;
  acts: Acts;
  onClose: () => void;
  onShowRun: (run: string) => void;
}

/** Everything about the chosen transfer, or the totals of the chosen ones, with what can be done. */
export function TransferSide({ transfers, run, acts, onClose, onShowRun }: Props) {
  const one = transfers.length === 1 ? transfers[0] : undefined;
  const openEnd = useOpenEnd();
  const offered = one?.failure && actsOf(one.state).includes('retry') ? 'retry' : null;
  const size = transfers.reduce((sum, transfer) => sum + transfer.size, 0);
  return (
    <SidePanel
      id="transfer-side"
      label={m.side_transfer()}
      title={one ? shownName(one.name) : m.side_several({ n: formatNumber(transfers.length, locale()) })}
      subtitle={one ? run && shownName(run.title) : m.side_several_bytes({ size: formatBytes(size, locale()) })}
      onClose={onClose}
      closeLabel={m.side_close()}
      actions={
        <SideActs
          acts={possibleActs(transfers)}
          offered={offered}
          pending={acts.pending}
          onAct={(act) => void acts.run(act, transfers)}
          more={menuOf(transfers, { acts, openEnd, run, showRun: onShowRun })}
        />
      }
    >
      {one ? <One transfer={one} run={run} acts={acts} /> : <Several transfers={transfers} />}
    </SidePanel>
  );
}

function One({ transfer, run, acts }: { transfer: TransferView } & Pick<Props, 'run' | 'acts'>) {
  const now = useNow('minute');
  const navigate = useNavigate();
  const details = useQuery(transferDetails(transfer.id));
  const open = useQuery(attentionQuery).data ?? [];
  const places = useQuery(connectionsQuery).data ?? [];
  const kind = places.find((one) => one.id === transfer.destination.connection)?.kind ?? 'folder';
  const waitsFor = useStopped(transfer);
  const asked = useAsked(transfer);
  const ends = useEndActions(transfer);
  const question =
    open.find((one) => one.transfer === transfer.id) ??
    open.find(
      (one) =>
        one.transfer === null &&
        one.connection !== null &&
        [transfer.source.connection, transfer.destination.connection].includes(one.connection) &&
        ['needs-attention', 'waiting', 'queued'].includes(transfer.state),
    );
  const stopped = ['failed', 'cancelled', 'skipped', 'needs-attention'].includes(transfer.state);
  const retry = actsOf(transfer.state).includes('retry') ? () => void acts.run('retry', [transfer]) : null;
  return (
    <>
      {stopped && transfer.confirmed === 0 ? null : <Confirmed transfer={transfer} parts={details.data?.parts ?? null} />}
      <FailureNotice transfer={transfer} attention={question?.id ?? null} onRetry={retry} retryKey={ACTS.retry.key} />
      {waitsFor || (question && !transfer.failure) ? (
        <Callout
          tone="warn"
          title={waitsFor ? capital(m.waits_for({ place: waitsFor.name })) : question ? attentionLine(question) : ''}
          actions={
            question ? (
              <Button onPress={() => openAttention(question.id)}>{m.act_answer()}</Button>
            ) : (
              <Button onPress={() => void navigate({ to: '/connections', search: { chosen: waitsFor?.id ?? '' } })}>{m.open_connection()}</Button>
            )
          }
        >
          {waitsFor ? <p>{m.waits_for_body({ place: waitsFor.name })}</p> : null}
        </Callout>
      ) : null}
      {asked ? (
        <Callout tone="warn" title={m.waits_for_answer_title({ place: asked.connectionName })}>
          <p>{m.waits_for_answer_body()}</p>
        </Callout>
      ) : null}
      <KeyValues pairs={facts(transfer, run, details.data, ends)} />
      {details.data ? <Evidence transfer={transfer} details={details.data} /> : null}
      {details.isError ? <ErrorNotice reason={details.error} about={transfer.name} /> : null}
      {details.data && details.data.remarks.length > 0 ? (
        <Section title={m.side_remarks()}>
          {details.data.remarks.map((remark) => (
            <p key={remark.text} className={styles.remark}>
              {sayIn(kind, remark)}
            </p>
          ))}
        </Section>
      ) : null}
      {details.data ? <GivenMetadata transfer={transfer} details={details.data} /> : null}
      {details.data ? (
        <Section title={m.side_story()}>
          <Steps label={m.side_story()} steps={storySteps(details.data, transfer, now)} />
        </Section>
      ) : null}
    </>
  );
}

/** What the chosen ones are, state by state. */
function Several({ transfers }: { transfers: readonly TransferView[] }) {
  const counts = new Map<string, number>();
  for (const one of transfers) {
    const word = one.state === 'done' ? evidenceWord(one.evidence) : stateWord(one.state);
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return <KeyValues pairs={[...counts].map(([word, count]) => ({ key: word, label: capital(word), value: formatNumber(count, locale()) }))} />;
}
