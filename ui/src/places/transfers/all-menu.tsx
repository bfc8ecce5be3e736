import { useMutation } from '@tanstack/react-query';
import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { Act } from '@/domain/transfer';
import { isNarrowed } from '@/domain/transfer-filter';
import type { TransferCountsView, TransferFilterView } from '@/ipc';
import { IconButton } from '@/kit/button';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { MenuButton } from '@/kit/menu';
import { m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { pauseAll } from '@/queries';
import { ACTS, type Acts } from './acts';

const ORDER: readonly Act[] = ['pause', 'resume', 'retry', 'cancel'];

/** Acts on everything that the filter finds, also on what is not drawn. What calls off asks first. */
export function AllMenu({ filter, acts }: { filter: TransferFilterView; acts: Acts }) {
  const [asking, setAsking] = useState(false);
  const title = isNarrowed(filter) ? m.all_that_fit() : m.all_there_are();
  return (
    <>
      <MenuButton
        label={title}
        trigger={
          <IconButton label={title}>
            <Ellipsis aria-hidden size={16} />
          </IconButton>
        }
        parts={[
          {
            id: 'all',
            title,
            acts: ORDER.map((act) => ({
              id: act,
              label: act === 'cancel' ? m.cancel_these() : ACTS[act].label(),
              bad: act === 'cancel',
              run: () => (act === 'cancel' ? setAsking(true) : acts.all(act, filter)),
            })),
          },
        ]}
      />
      {asking ? (
        <ConfirmDialog
          title={m.cancel_these_title()}
          confirmLabel={m.cancel_these()}
          cancelLabel={m.leave_them()}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            acts.all('cancel', filter);
          }}
        >
          <p>{m.cancel_these_body()}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

/** Stops everything at the next part, or lets it go on where all that is open is stopped. */
export function usePauseAll(counts: TransferCountsView | undefined) {
  const pausing = useMutation({ ...pauseAll, onError: (reason) => tellError(reason, m.place_transfers()) });
  const paused = counts?.paused ?? 0;
  const open = (counts?.running ?? 0) + (counts?.waiting ?? 0);
  const allStopped = paused > 0 && paused === open;
  return {
    label: allStopped ? m.resume_all : m.pause_all,
    enabled: open > 0 && !pausing.isPending,
    run: () => pausing.mutate(!allStopped),
  };
}
