import { Folder } from 'lucide-react';
import { formatBytes, formatCountdown } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import { fileKind, folderOf, shownName } from '@/domain/path';
import { gradeOf, percent } from '@/domain/transfer';
import { type TransferView, useProgress } from '@/ipc';
import { EvidenceMark } from '@/kit/evidence-mark';
import { FileIcon } from '@/kit/file-icon';
import { ProgressBar } from '@/kit/progress-bar';
import { Tag } from '@/kit/tag';
import { endName, evidenceMeaning, evidenceWord, failureTag, locale, m, stateWord } from '@/messages';
import { useNow } from '@/parts/use-now';
import styles from './cells.module.css';
import { useAsked, useStopped } from './use-stopped';

export function NameCell({ transfer }: { transfer: TransferView }) {
  return (
    <span className={styles.name} title={`${endName(transfer.source)}: ${transfer.source.path}`}>
      {transfer.folder ? <Folder aria-hidden size={15} strokeWidth={1.6} /> : <FileIcon kind={fileKind(transfer.name)} />}
      <bdi className={styles.cut}>{shownName(transfer.name)}</bdi>
    </span>
  );
}

export function TargetCell({ transfer }: { transfer: TransferView }) {
  const { path } = transfer.destination;
  const name = endName(transfer.destination);
  const text = shownName(`${name}:${folderOf(path)}`);
  return (
    <span className={styles.place} title={`${name}:${path}`}>
      {text}
    </span>
  );
}

/** Bytes that the remote confirmed; once nothing moves, when it was or when it goes on. */
export function ProgressCell({ transfer }: { transfer: TransferView }) {
  const progress = useProgress(transfer.id);
  const waitsFor = useStopped(transfer);
  const asked = useAsked(transfer);
  if (asked) return <span className={styles.muted}>{stateWord('needs-attention')}</span>;
  if (waitsFor) return <span className={styles.muted}>{stateWord('waiting')}</span>;
  switch (transfer.state) {
    case 'queued':
    case 'preparing':
    case 'transferring': {
      const done = percent(progress?.confirmed ?? transfer.confirmed, transfer.size);
      return <ProgressBar percent={done} label={m.progress_of({ name: shownName(transfer.name), percent: done })} />;
    }
    case 'verifying':
      return <span className={styles.muted}>{m.reading_back()}</span>;
    case 'waiting':
      return <Countdown dueAt={transfer.dueAt} />;
    case 'paused':
    case 'needs-attention':
      return <span className={styles.muted}>{stateWord(transfer.state)}</span>;
    case 'done':
    case 'skipped':
    case 'failed':
    case 'cancelled':
      return <Moment at={transfer.endedAt} />;
  }
}

function Moment({ at }: { at: number | null }) {
  const now = useNow('minute');
  if (at === null) return null;
  return (
    <span className={styles.muted} title={formatExact(at, locale())}>
      {formatMoment(at, now, locale())}
    </span>
  );
}

function Countdown({ dueAt }: { dueAt: number | null }) {
  const now = useNow('second');
  if (dueAt === null) return <span className={styles.muted}>{stateWord('waiting')}</span>;
  const text = dueAt <= now ? m.again_now() : m.again_in({ time: formatCountdown(dueAt - now) });
  return (
    <span className={styles.muted} title={formatExact(dueAt, locale())}>
      {text}
    </span>
  );
}

export function SizeCell({ transfer }: { transfer: TransferView }) {
  return <span className={styles.muted}>{transfer.folder ? '' : formatBytes(transfer.size, locale())}</span>;
}

/** How sure it is. A failure stands here in words; while bytes move it says so. */
export function EvidenceCell({ transfer }: { transfer: TransferView }) {
  const { state, evidence, failure } = transfer;
  const waitsFor = useStopped(transfer);
  const asked = useAsked(transfer);
  if (asked) return <Tag tone="warn">{m.waits_for_answer()}</Tag>;
  if (waitsFor) return <Tag tone="warn">{m.waits_for({ place: waitsFor.name })}</Tag>;
  const stopped = state === 'failed' || state === 'waiting' || state === 'needs-attention';
  if (stopped && failure) {
    const tag = failureTag(failure);
    return <Tag tone={state === 'failed' ? 'bad' : tag.tone}>{tag.text}</Tag>;
  }
  if (state === 'needs-attention') return <Tag tone="warn">{stateWord(state)}</Tag>;
  const word = evidence === 'none' || state === 'skipped' || state === 'cancelled' ? stateWord(state) : evidenceWord(evidence);
  return <EvidenceMark grade={gradeOf(evidence)} label={word} title={evidenceMeaning(evidence)} />;
}
