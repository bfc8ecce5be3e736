import { Ellipsis } from 'lucide-react';
import type { Act } from '@/domain/transfer';
import { Button, IconButton } from '@/kit/button';
import { MenuButton, type MenuPart } from '@/kit/menu';
import { m } from '@/messages';
import { ACTS } from './acts';
import styles from './transfer-side.module.css';

/**
 * The acts of a side in one line at every width: the likeliest, calling off, and a menu with all of them. `offered`
 * stands in the side already, with its key.
 */
export function SideActs({
  acts,
  offered = null,
  pending,
  onAct,
  more,
}: {
  acts: readonly Act[];
  offered?: Act | null;
  pending: boolean;
  onAct: (act: Act) => void;
  more: readonly MenuPart[];
}) {
  const first = acts.find((act) => act !== 'cancel' && act !== offered);
  // “Try again” is the longest of them, and who has it left to do hardly wants to call off.
  const cancels = acts.includes('cancel') && first !== 'retry';
  const button = (act: Act) => (
    <Button shortcut={ACTS[act].key} isDisabled={pending} onPress={() => onAct(act)}>
      {ACTS[act].label()}
    </Button>
  );
  return (
    <>
      {first ? button(first) : null}
      <span className={styles.push}>
        {cancels ? button('cancel') : null}
        {more.length > 0 ? (
          <MenuButton
            label={m.side_more()}
            parts={more}
            trigger={
              <IconButton label={m.side_more()}>
                <Ellipsis aria-hidden size={16} />
              </IconButton>
            }
          />
        ) : null}
      </span>
    </>
  );
}
