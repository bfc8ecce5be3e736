// What a transfer lets a person do, and how its row reads.
import type { EvidenceView, PaceView, RunView, StateView, TransferView } from '@/ipc';

/** The coarser look at a state: the same table as in Rust, total by type. */
export const PACE: Record<StateView, PaceView> = {
  preparing: 'running',
  transferring: 'running',
  verifying: 'running',
  queued: 'waiting',
  waiting: 'waiting',
  paused: 'waiting',
  'needs-attention': 'needs-you',
  failed: 'failed',
  cancelled: 'failed',
  done: 'done',
  skipped: 'done',
};

export const PACES: readonly PaceView[] = ['running', 'waiting', 'needs-you', 'failed', 'done'];

export type Act = 'pause' | 'resume' | 'cancel' | 'retry';

const ACTS: Record<StateView, readonly Act[]> = {
  queued: ['pause', 'cancel'],
  preparing: ['pause', 'cancel'],
  transferring: ['pause', 'cancel'],
  verifying: ['pause', 'cancel'],
  waiting: ['retry', 'pause', 'cancel'],
  paused: ['resume', 'cancel'],
  'needs-attention': ['retry', 'cancel'],
  failed: ['retry', 'cancel'],
  cancelled: ['retry'],
  skipped: ['retry'],
  done: [],
};

/** What may be done with it now, the likeliest first. */
export function actsOf(state: StateView): readonly Act[] {
  return ACTS[state];
}

/** What has not begun has a place in its line. */
export function hasPlace(transfer: TransferView | undefined): boolean {
  return transfer !== undefined && ['queued', 'waiting', 'paused'].includes(transfer.state);
}

/** The transfers among these that `act` is legal for. */
export function eligible(transfers: readonly TransferView[], act: Act): string[] {
  return transfers.filter((one) => actsOf(one.state).includes(act)).map((one) => one.id);
}

const GRADES: Record<EvidenceView, 0 | 1 | 2 | 3 | 4> = { none: 0, sent: 1, accepted: 2, matched: 3, confirmed: 4 };

/** How many bars the evidence mark fills. */
export function gradeOf(evidence: EvidenceView): 0 | 1 | 2 | 3 | 4 {
  return GRADES[evidence];
}

export interface RunGroup {
  run: string;
  rows: TransferView[];
}

/** Rows by run, in the order in which their runs first appear; a run that was interrupted by another stays whole. */
export function groupByRun(rows: readonly TransferView[]): RunGroup[] {
  const groups = new Map<string, TransferView[]>();
  for (const row of rows) {
    const group = groups.get(row.run);
    if (group) group.push(row);
    else groups.set(row.run, [row]);
  }
  return [...groups].map(([run, members]) => ({ run, rows: members }));
}

/** Whether something of a run may still move. */
export function isOpen(run: RunView): boolean {
  return run.counting || run.done + run.failed < run.files;
}

/** Bytes that are still to come, over all open runs; `moving` are those of them that were confirmed already. */
export function bytesLeft(runs: readonly RunView[], moving: number): number {
  const open = runs.filter(isOpen).reduce((sum, run) => sum + Math.max(0, run.bytes - run.bytesDone), 0);
  return Math.max(0, open - moving);
}

/** Confirmed bytes in hundredths, never 100 while a byte is missing. */
export function percent(confirmed: number, size: number): number {
  if (size === 0) return 100;
  return Math.min(100, Math.floor((confirmed / size) * 100));
}
