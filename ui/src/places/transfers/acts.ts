// What may be done with transfers here: its word and its key.
import { useMutation } from '@tanstack/react-query';
import { type Act, eligible } from '@/domain/transfer';
import type { TransferView } from '@/ipc';
import { m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { actOnTransfers } from '@/queries';

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

/** Runs an act on those of the transfers that it is legal for. */
export function useActs(): { run: (act: Act, transfers: readonly TransferView[]) => boolean; pending: boolean } {
  const acting = useMutation({
    ...actOnTransfers,
    onError: (reason) => tellError(reason, m.place_transfers()),
  });
  return {
    pending: acting.isPending,
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
