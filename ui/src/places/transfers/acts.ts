// What may be done with transfers and runs here: its word, its key, and how it is taken back.
import { useMutation } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { type Act, actsOf, eligible, hasPlace, isOpen } from '@/domain/transfer';
import { EVERYTHING } from '@/domain/transfer-filter';
import type { ListPart } from '@/domain/transfer-list';
import type { RunView, TransferFilterView, TransferView } from '@/ipc';
import { toast, undoToast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { actOnAll, actOnTransfers, cancelRuns, moveBefore, moveFirst } from '@/queries';

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
  /** Puts those that have not begun before all others. Whether there was one. */
  first: (transfers: readonly TransferView[]) => boolean;
  /** Whether there was anything that it is legal for. */
  run: (act: Act, transfers: readonly TransferView[]) => boolean;
  /** An act on a whole run, however many transfers it has. */
  runAll: (act: Act, run: RunView) => boolean;
  /** An act on everything that a filter finds. */
  all: (act: Act, filter: TransferFilterView) => void;
  pending: boolean;
}

/** How what was done goes back: its act, and whether everything is then as it was. */
interface Way {
  act: Act;
  exact: boolean;
}

const OPPOSITE: Partial<Record<Act, Act>> = { pause: 'resume', resume: 'pause' };

/** A stop goes back by letting go, and the other way round. What had begun when it was called off is sent anew. */
function wayBack(act: Act, transfers: readonly TransferView[]): Way | null {
  const opposite = OPPOSITE[act];
  if (opposite) return { act: opposite, exact: true };
  if (act !== 'cancel' || transfers.some((one) => one.state === 'failed')) return null;
  return { act: 'retry', exact: transfers.every((one) => one.startedAt === null) };
}

/** The same for a run, from its totals: only where nothing but what was done now would go back. */
function runWayBack(act: Act, run: RunView): Way | null {
  if (act === 'pause') return run.paused === 0 ? { act: 'resume', exact: true } : null;
  if (act === 'resume') return run.running + run.waiting === run.paused ? { act: 'pause', exact: true } : null;
  if (act === 'cancel') return run.failed === 0 && !run.counting ? { act: 'retry', exact: run.running === 0 } : null;
  return null;
}

/** The row before which these stood, `null` where they were the last of their run; `undefined` where that cannot be said. */
function stoodBefore(ids: readonly string[], parts: readonly ListPart[]): string | null | undefined {
  const at = parts.findIndex((part) => part.key === ids[0]);
  if (at < 0 || ids.some((id, step) => parts[at + step]?.key !== id)) return undefined;
  const next = parts[at + ids.length];
  if (next?.kind === 'gap') return undefined;
  return next?.kind === 'row' ? next.key : null;
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

/** Says what was done, with the way back where there is one. */
function tell(text: string, way: Way | null, undo: (act: Act) => void) {
  if (way === null) return void toast({ text });
  undoToast({ text, undoLabel: way.exact ? m.undo() : ACTS[way.act].label(), undo: () => undo(way.act) });
}

/** Runs an act on those of the transfers that it is legal for. `parts` are what the list shows. */
export function useActs(parts: readonly ListPart[]): Acts {
  const failed = (reason: Error) => tellError(reason, m.place_transfers());
  const cancelling = useMutation({ ...cancelRuns, onError: failed });
  const acting = useMutation({ ...actOnTransfers, onError: failed });
  const onAll = useMutation({ ...actOnAll, onError: failed });
  const moving = useMutation({ ...moveBefore, onError: failed });
  const movingFirst = useMutation({ ...moveFirst, onError: failed });

  function first(transfers: readonly TransferView[]): boolean {
    const ids = transfers.filter(hasPlace).map((one) => one.id);
    if (ids.length === 0) return false;
    const before = stoodBefore(ids, parts);
    movingFirst.mutate(ids, {
      onSuccess: () => {
        if (before !== undefined) undoToast({ text: m.told_first(), undoLabel: m.undo(), undo: () => moving.mutate({ ids, before }) });
      },
    });
    return true;
  }

  function run(act: Act, transfers: readonly TransferView[]): boolean {
    const ids = eligible(transfers, act);
    if (ids.length === 0) return false;
    const way = wayBack(act, transfers.filter((one) => ids.includes(one.id)));
    acting.mutate(
      { act, ids },
      {
        onSuccess: () => {
          if (way) tell(told(act, ids.length), way, (back) => acting.mutate({ act: back, ids }));
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
    const ofRun = { ...EVERYTHING, run: one.id };
    const way = runWayBack(act, one);
    // What was called off is counted among what failed.
    const back = (opposite: Act) => onAll.mutate({ act: opposite, filter: { ...ofRun, pace: opposite === 'retry' ? 'failed' : null } });
    if (act === 'cancel') cancelling.mutate([one.id], { onSuccess: () => tell(m.told_run_cancelled({ title: shownName(one.title) }), way, back) });
    else
      onAll.mutate(
        { act, filter: { ...ofRun, pace: act === 'retry' ? 'failed' : null } },
        { onSuccess: (count) => (count > 0 ? tell(told(act, count), way, back) : toast({ text: m.told_nothing() })) },
      );
    return true;
  }

  return { pending: acting.isPending || cancelling.isPending || onAll.isPending, first, run, runAll, all };
}

/** The act of a key, as the buttons show it. */
export function actOfKey(key: string): Act | undefined {
  const wanted = key === 'Delete' || key === 'Backspace' ? 'Del' : key;
  return ORDER.find((act) => ACTS[act].key.toLowerCase() === wanted.toLowerCase());
}
