import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { countProblems, filledDrafts, fillingIn, formsToFill, type Touched, touchedBy } from '@/domain/filling';
import { shownName } from '@/domain/path';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { m } from '@/messages';
import { connections } from '@/queries';
import { Leaving, SeveralForms } from '../forms';
import { answerMetadata, type OpenMetadata, useOpenMetadata } from '../open-dialog';
import styles from './metadata.module.css';
import { metadataFor } from './words';

/** Files wait for what their folder requires of them. */
export function MetadataQuestion() {
  const open = useOpenMetadata();
  const [seen, setSeen] = useState({ open, turn: 0 });
  if (seen.open !== open) setSeen({ open, turn: seen.turn + 1 });
  return open ? <Question key={seen.turn} asked={open} /> : null;
}

function Question({ asked: { to, things, expected } }: { asked: OpenMetadata }) {
  const place = useQuery(connections).data?.find((one) => one.id === to.connection)?.name ?? '';
  const [forms] = useState(() => formsToFill(expected, []));
  const [touched, setTouched] = useState<Touched>({});
  const [tries, setTries] = useState(0);
  const [leaving, setLeaving] = useState(false);
  const filling = fillingIn(forms, touched);
  const send = () => {
    setTries(tries + 1);
    if (countProblems(filling) === 0) answerMetadata(filledDrafts(filling));
  };
  const leave = () => (filledDrafts(filling).length > 0 ? setLeaving(true) : answerMetadata(null));
  return (
    <>
      <Dialog
        title={metadataFor(things)}
        onClose={leave}
        closeLabel={m.close()}
        wide
        actions={
          <>
            <Button onPress={leave}>{m.cancel()}</Button>
            <Button tone="go" onPress={send}>
              {m.send_now()}
            </Button>
          </>
        }
      >
        <p className={styles.asks}>
          {m.metadata_asks()} <bdi data-text>{`${place}:${shownName(to.path)}`}</bdi>
        </p>
        <p className={styles.means}>{m.metadata_means()}</p>
        <SeveralForms forms={filling} tries={tries} startsFocused onChange={(one, draft) => setTouched(touchedBy(one, draft, touched))} onSubmit={send} />
      </Dialog>
      {leaving ? <Leaving sending onLeave={() => answerMetadata(null)} onStay={() => setLeaving(false)} /> : null}
    </>
  );
}
