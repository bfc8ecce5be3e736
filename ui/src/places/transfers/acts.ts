// What may be done with transfers here: its word and its key.
import { useMutation, useQuery } from '@tanstack/react-query';
import { type Act, eligible, isOpen } from '@/domain/transfer';
import type { TransferView } from '@/ipc';
import { m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { actOnTransfers, cancelRuns, runs as runsQuery } from '@/queries';

export const ACTS: Record<Act, { label: () => string; key: string }> = {
  pause: { label: m.act_pause, key: 'P' },
  resume: { label: m.act_resume, key: 'S' },
  retry: { label: m.act_retry, key: 'R' },
  cancel: { label: m.act_cancel, key: 'Del' },
};

const ORDER: readonly Act[] = ['pause', 'resume', 'retry', 'cancel'];

/** The acts that are legal for at least one of these, in a fixed order so that a button never moves away. */
export function possibleActs(transfers: readonly TransferView[]): Act[] {
  return ORDER.filter((act) => eligible(transfers, act).length > 0);
}

export interface Acts {
  /** Whether there was anything that it is legal for. */
  run: (act: Act, transfers: readonly TransferView[]) => boolean;
  /** The runs of these that go on beyond what is chosen: more files, or some that are not counted yet. */
  runsToCancel: (transfers: readonly TransferView[]) => string[];
  cancelRuns: (transfers: readonly TransferView[]) => boolean;
  pending: boolean;
}

/** Runs an act on those of the transfers that it is legal for. */
export function useActs(): Acts {
  const runs = useQuery(runsQuery).data ?? [];
  const cancelling = useMutation({ ...cancelRuns, onError: (reason) => tellError(reason, m.place_transfers()) });
  const runsToCancel = (transfers: readonly TransferView[]) => {
    const chosen = new Set(transfers.map((one) => one.run));
    return runs.filter((run) => chosen.has(run.id) && isOpen(run) && (run.counting || run.files > 1)).map((run) => run.id);
  };
  const acting = useMutation({
    ...actOnTransfers,
    onError: (reason) => tellError(reason, m.place_transfers()),
  });
  return {
    pending: acting.isPending || cancelling.isPending,
    runsToCancel,
    cancelRuns: (transfers) => {
      const ids = runsToCancel(transfers);
      if (ids.length > 0) cancelling.mutate(ids);
      return ids.length > 0;
    },
    run: (act, transfers) => {
      const ids = eligible(transfers, act);
      if (ids.length === 0) return false;
      acting.mutate({ act, ids });
      return true;
    },
  };
}

/** The act of a key, as the buttons show it. */
export function actOfKey(key: string): Act | undefined {
  const wanted = key === 'Delete' || key === 'Backspace' ? 'Del' : key;
  return ORDER.find((act) => ACTS[act].key.toLowerCase() === wanted.toLowerCase());
}
