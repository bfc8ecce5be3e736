// What may be done with transfers and runs here: its word, its key, and how it is taken back.
import { useMutation } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import { type Act, actsOf, eligible, isOpen } from '@/domain/transfer';
import { EVERYTHING } from '@/domain/transfer-filter';
import type { RunView, TransferFilterView, TransferView } from '@/ipc';
import { toast, undoToast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { actOnAll, actOnTransfers, cancelRuns } from '@/queries';

export const ACTS: Record<Act, { label: () => string; key: string }> = {
  pause: { label: m.act_pause, key: 'P' },
  resume: { label: m.act_resume, key: 'S' },
  retry: { label: m.act_retry, key: 'R' },
  cancel: { label: m.act_cancel, key: 'Del' },
};

const ORDER: readonly Act[] = ['pause', 'resume', 'retry', 'cancel'];

/** The acts that are legal for at least one of these, in a fixed order so that a button never moves away. */
export function possibleActs(transfers: readonly TransferView[]): Act[] {
  return ORDER.filter((act) => transfers.some((one) => actsOf(one.state).includes(act)));
}

/** The acts that make sense for some of a run's transfers, read from its totals. */
export function possibleRunActs(run: RunView): Act[] {
  const moving = run.running + run.waiting - run.paused;
  const sense: Record<Act, boolean> = {
    pause: moving > 0,
    resume: run.paused > 0,
    retry: run.failed > 0,
    cancel: isOpen(run),
  };
  return ORDER.filter((act) => sense[act]);
}

export function runActLabel(act: Act): string {
  if (act === 'retry') return m.act_retry_failed();
  return act === 'cancel' ? m.act_cancel_run() : ACTS[act].label();
}

export interface Acts {
  /** Whether there was anything that it is legal for. */
  run: (act: Act, transfers: readonly TransferView[]) => boolean;
  /** An act on a whole run, however many transfers it has. */
  runAll: (act: Act, run: RunView) => boolean;
  /** An act on everything that a filter finds. */
  all: (act: Act, filter: TransferFilterView) => void;
  pending: boolean;
}

const UNDONE: Partial<Record<Act, Act>> = { pause: 'resume' };

/** How what was done is taken back: a stop by letting go; calling off only what had not begun, by putting it in line again. */
function wayBack(act: Act, transfers: readonly TransferView[]): Act | null {
  if (act !== 'cancel') return UNDONE[act] ?? null;
  return transfers.every((one) => one.startedAt === null && one.state !== 'failed') ? 'retry' : null;
}

function told(act: Act, count: number): string {
  const n = formatNumber(count, locale());
  switch (act) {
    case 'pause':
      return m.told_paused({ count, n });
    case 'resume':
      return m.told_resumed({ count, n });
    case 'retry':
      return m.told_retried({ count, n });
    case 'cancel':
      return m.told_cancelled({ count, n });
  }
}

/** Runs an act on those of the transfers that it is legal for. */
export function useActs(): Acts {
  const failed = (reason: Error) => tellError(reason, m.place_transfers());
  const cancelling = useMutation({ ...cancelRuns, onError: failed });
  const acting = useMutation({ ...actOnTransfers, onError: failed });
  const onAll = useMutation({ ...actOnAll, onError: failed });

  function run(act: Act, transfers: readonly TransferView[]): boolean {
    const ids = eligible(transfers, act);
    if (ids.length === 0) return false;
    const back = wayBack(act, transfers.filter((one) => ids.includes(one.id)));
    acting.mutate(
      { act, ids },
      {
        onSuccess: () => {
          if (back) undoToast({ text: told(act, ids.length), undoLabel: m.undo(), undo: () => acting.mutate({ act: back, ids }) });
        },
      },
    );
    return true;
  }

  function all(act: Act, filter: TransferFilterView) {
    onAll.mutate({ act, filter }, { onSuccess: (count) => toast({ text: count > 0 ? told(act, count) : m.told_nothing() }) });
  }

  function runAll(act: Act, one: RunView): boolean {
    if (!possibleRunActs(one).includes(act)) return false;
    if (act === 'cancel') cancelling.mutate([one.id]);
    else all(act, { ...EVERYTHING, run: one.id, pace: act === 'retry' ? 'failed' : null });
    return true;
  }

  return { pending: acting.isPending || cancelling.isPending || onAll.isPending, run, runAll, all };
}

/** The act of a key, as the buttons show it. */
export function actOfKey(key: string): Act | undefined {
  const wanted = key === 'Delete' || key === 'Backspace' ? 'Del' : key;
  return ORDER.find((act) => ACTS[act].key.toLowerCase() === wanted.toLowerCase());
}
