import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { formatSpan } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { CopyButton } from '@/kit/copy-button';
import { Dialog } from '@/kit/dialog';
import { NumberField } from '@/kit/number-field';
import { Segmented } from '@/kit/segmented';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { makeLink } from '@/queries';
import styles from './link-dialog.module.css';

const HOUR = 3600;
const DAY = 24 * HOUR;
const LONGEST = 7 * DAY;
const PRESETS = { hour: HOUR, day: DAY, week: LONGEST } as const;
type Choice = keyof typeof PRESETS | 'custom';

/** How long a link is to hold; then the link itself, once. */
export function LinkDialog({ place, name, onClose }: { place: PlaceView; name: string; onClose: () => void }) {
  const [choice, setChoice] = useState<Choice>('day');
  const [amount, setAmount] = useState<number | null>(3);
  const [unit, setUnit] = useState<'hours' | 'days'>('days');
  const making = useMutation(makeLink);
  const seconds = choice === 'custom' ? (amount ?? 0) * (unit === 'hours' ? HOUR : DAY) : PRESETS[choice];
  const fits = seconds >= 60 && seconds <= LONGEST;
  const link = making.data;
  return (
    <Dialog
      title={m.link_title({ name: shownName(name) })}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        link ? (
          <Button onPress={onClose}>{m.done()}</Button>
        ) : (
          <>
            <Button onPress={onClose}>{m.cancel()}</Button>
            <Button tone="go" isDisabled={!fits || making.isPending} onPress={() => making.mutate({ place, seconds })}>
              {m.link_make()}
            </Button>
          </>
        )
      }
    >
      {link ? (
        <>
          <Callout tone="warn" title={m.link_until({ at: formatExact(link.until, locale()) })} live>
            <p>{m.link_anybody()}</p>
          </Callout>
          <div className={styles.link}>
            <code data-text>{link.url}</code>
            <CopyButton text={link.url} label={m.copy()} doneLabel={m.copied()} />
          </div>
          <p className={styles.said}>{m.link_once()}</p>
        </>
      ) : (
        <>
          <p>{m.link_body()}</p>
          <Segmented
            label={m.link_how_long()}
            segments={[
              ...(['hour', 'day', 'week'] as const).map((id) => ({ id, label: formatSpan(PRESETS[id] * 1000, locale()) })),
              { id: 'custom' as const, label: m.link_custom() },
            ]}
            chosen={choice}
            onChoose={setChoice}
          />
          {choice === 'custom' ? (
            <NumberField
              label={m.link_how_long()}
              value={amount}
              onChange={setAmount}
              units={[{ id: 'days', label: m.link_days() }, { id: 'hours', label: m.link_hours() }]}
              unit={unit}
              onUnit={setUnit}
              unitLabel={m.link_unit()}
              min={1}
              error={fits ? undefined : m.link_longest()}
            />
          ) : null}
          {making.isError ? <ErrorNotice reason={making.error} about={shownName(name)} /> : null}
        </>
      )}
    </Dialog>
  );
}
