import { useQuery } from '@tanstack/react-query';
import { formatMoment } from '@/domain/moment';
import { Dialog } from '@/kit/dialog';
import { Button } from '@/kit/button';
import { locale, m } from '@/messages';
import { attention } from '@/queries';
import { attentionLine } from './attention-facts';
import styles from './dialogs.module.css';
import { openAttention } from './open-dialog';
import { useNow } from './use-now';

/** Everything that only a person can solve, the oldest first. */
export function AttentionListDialog({ onClose }: { onClose: () => void }) {
  const open = useQuery(attention).data ?? [];
  const now = useNow('minute');
  return (
    <Dialog title={m.attention_title()} onClose={onClose} closeLabel={m.close()} wide>
      {open.length === 0 ? <p>{m.attention_none()}</p> : null}
      <ul className={styles.list}>
        {open.map((one) => (
          <li key={one.id} className={styles.listLine}>
            <span>{attentionLine(one)}</span>
            <span className={styles.quiet}>{formatMoment(one.raisedAt, now, locale())}</span>
            <Button onPress={() => openAttention(one.id)}>{m.act_answer()}</Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
