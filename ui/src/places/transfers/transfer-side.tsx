import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { bytesOfBytes, formatBytes, formatNumber, formatSpeed } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { grouped } from '@/domain/fingerprint';
import { folderOf, shownName } from '@/domain/path';
import { actsOf, gradeOf, percent } from '@/domain/transfer';
import { type EndView, type RunView, type TransferDetailsView, type TransferView, useProgress } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { EvidenceMark } from '@/kit/evidence-mark';
import { KeyValues, type KeyValue } from '@/kit/key-values';
import { ProgressBar } from '@/kit/progress-bar';
import { Section } from '@/kit/section';
import { SidePanel } from '@/kit/split';
import { type Step, Steps } from '@/kit/steps';
import { endName, evidenceMeaning, evidenceWord, locale, m, proofWord, sayIn, stateWord, storySentence } from '@/messages';
import { attentionLine } from '@/parts/attention-facts';
import { Detail, ErrorNotice } from '@/parts/error-notice';
import { FailureNotice } from '@/parts/failure-notice';
import { openAttention } from '@/parts/open-dialog';
import { useNow } from '@/parts/use-now';
import { attention as attentionQuery, connections as connectionsQuery, transferDetails } from '@/queries';
import { ACTS, possibleActs, type useActs } from './acts';
import styles from './transfer-side.module.css';
import { useStopped } from './use-stopped';

interface Props {
  transfers: readonly TransferView[];
  run: RunView | undefined;
  acts: ReturnType<typeof useActs>;
  onClose: () => void;
}

/** Everything about the chosen transfer, or the totals of the chosen ones, with what can be done. */
export function TransferSide({ transfers, run, acts, onClose }: Props) {
  const one = transfers.length === 1 ? transfers[0] : undefined;
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
        <>
          {possibleActs(transfers).map((act) => (
            <span key={act} className={act === 'cancel' ? styles.push : undefined}>
              <Button shortcut={ACTS[act].key} isDisabled={acts.pending} onPress={() => acts.run(act, transfers)}>
                {ACTS[act].label()}
              </Button>
            </span>
          ))}
          {acts.runsToCancel(transfers).length > 0 ? (
            <Button shortcut="Shift Del" isDisabled={acts.pending} onPress={() => acts.cancelRuns(transfers)}>
              {m.act_cancel_run()}
            </Button>
          ) : null}
        </>
      }
    >
      {one ? <One transfer={one} run={run} acts={acts} /> : null}
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
      {stopped && transfer.confirmed === 0 ? null : <Confirmed transfer={transfer} />}
      <FailureNotice transfer={transfer} attention={question?.id ?? null} onRetry={retry} />
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
      <KeyValues pairs={facts(transfer, run, details.data)} />
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
      {details.data ? (
        <Section title={m.side_story()}>
          <Steps label={m.side_story()} steps={story(details.data, transfer, now)} />
        </Section>
      ) : null}
    </>
  );
}

/** What the remote has confirmed so far, and how fast; once it is there, how sure that is. */
function Confirmed({ transfer }: { transfer: TransferView }) {
  const progress = useProgress(transfer.id);
  const confirmed = progress?.confirmed ?? transfer.confirmed;
  const moving = transfer.state === 'transferring';
  const stopped = useStopped(transfer) !== null;
  const over = transfer.state === 'done' || transfer.state === 'verifying';
  if (over || transfer.folder)
    return (
      <div className={styles.grade}>
        <EvidenceMark
          grade={gradeOf(transfer.evidence)}
          label={transfer.evidence === 'none' ? stateWord(transfer.state) : evidenceWord(transfer.evidence)}
        />
        <span className={styles.quiet}>{evidenceMeaning(transfer.evidence)}</span>
      </div>
    );
  const done = percent(confirmed, transfer.size);
  return (
    <div>
      <div className={styles.confirmed}>
        <strong>{m.side_confirmed({ ...bytesOfBytes(confirmed, transfer.size, locale()), place: endName(transfer.destination) })}</strong>
        <span className={styles.quiet}>
          {moving && progress ? formatSpeed(progress.bytesPerSecond, locale()) : stateWord(stopped ? 'waiting' : transfer.state)}
        </span>
      </div>
      <ProgressBar thick percent={done} label={m.progress_of({ name: transfer.name, percent: done })} />
    </div>
  );
}

function end(place: EndView): string {
  return `${endName(place)}, ${shownName(folderOf(place.path))}`;
}

function facts(transfer: TransferView, run: RunView | undefined, details: TransferDetailsView | undefined): KeyValue[] {
  const number = (value: number) => formatNumber(value, locale());
  const parts = details?.parts;
  return [
    { key: 'from', label: m.side_from(), value: end(transfer.source), title: transfer.source.path },
    { key: 'to', label: m.side_to(), value: end(transfer.destination), title: transfer.destination.path },
    ...(transfer.folder ? [] : [{ key: 'size', label: m.side_size(), value: formatBytes(transfer.size, locale()), title: number(transfer.size) }]),
    ...(parts
      ? [
          {
            key: 'parts',
            label: m.side_parts(),
            value: m.side_parts_of({ parts: number(parts.parts), bytes: formatBytes(parts.bytes, locale()) }),
          },
        ]
      : []),
    ...(transfer.folder
      ? []
      : [
          {
            key: 'sha256',
            label: m.side_sha256(),
            value: details?.sha256 ? grouped(details.sha256) : m.side_sha256_pending(),
            mono: Boolean(details?.sha256),
          },
        ]),
    ...(details?.version ? [{ key: 'version', label: m.side_version(), value: details.version, mono: true }] : []),
    {
      key: 'proof',
      label: m.side_proof(),
      value: transfer.proof ? proofWord(transfer.proof) : m.proof_pending({ grade: evidenceWord(run?.requiredProof ?? 'matched') }),
    },
    ...(transfer.attempts > 0 ? [{ key: 'attempts', label: m.side_attempts(), value: number(transfer.attempts) }] : []),
  ];
}

function story(details: TransferDetailsView, transfer: TransferView, now: number): Step[] {
  const at = (moment: number) => ({
    aside: formatMoment(moment, now, locale(), true),
    title: formatExact(moment, locale()),
  });
  const told = details.story.map((line, index): Step => {
    const sentence = storySentence(line, transfer);
    return { key: `${index}`, state: sentence.look, text: sentence.text, detail: sentence.detail, more: folded(sentence.technical), ...at(line.at) };
  });
  const queued: Step = { key: 'queued', state: 'done', text: m.story_queued(), ...at(transfer.createdAt) };
  const running = ['preparing', 'transferring', 'verifying'].includes(transfer.state);
  const last: Step = { key: 'now', state: 'now', text: capital(stateWord(transfer.state)), aside: m.story_now() };
  return [queued, ...told, ...(running ? [last] : [])];
}

function folded(technical: string | null): React.ReactNode {
  return technical === null ? null : <Detail text={technical} />;
}

function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase(locale()) + text.slice(1);
}
