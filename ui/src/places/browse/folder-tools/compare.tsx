import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { lastName, shownName } from '@/domain/path';
import type { AbilitiesView, CompareByView, PlaceView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { Segmented } from '@/kit/segmented';
import { m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { closePlan, pickPaths, startCompare } from '@/queries';
import { Plan } from './plan';
import styles from './tools.module.css';

/** Which way files would go. */
type Way = 'there' | 'here';

/** Asks what is compared with what, then shows the plan. */
export function Compare({ place, connectionName, abilities, onClose }: { place: PlaceView; connectionName: string; abilities: AbilitiesView; onClose: () => void }) {
  const [folder, setFolder] = useState('');
  const [way, setWay] = useState<Way>(abilities.write ? 'there' : 'here');
  const [by, setBy] = useState<CompareByView>('size-and-time');
  const [plan, setPlan] = useState<string | null>(null);
  const picking = useMutation(pickPaths);
  const starting = useMutation({ ...startCompare, onSuccess: setPlan });
  useEffect(() => (plan === null ? undefined : () => closePlan(plan)), [plan]);
  const here: PlaceView = { connection: null, path: folder.trim() };
  const start = () => starting.mutate({ source: way === 'there' ? here : place, target: way === 'there' ? place : here, by });
  const there = `${connectionName}, ${shownName(place.path)}`;
  const mine = `${m.this_computer()}, ${shownName(here.path)}`;
  if (plan !== null)
    return (
      <Plan
        id={plan}
        source={way === 'there' ? mine : there}
        target={way === 'there' ? there : mine}
        title={m.compare_run_title({ from: way === 'there' ? shownName(lastName(here.path)) : connectionName, to: way === 'there' ? connectionName : shownName(lastName(here.path)) })}
        onAgain={() => setPlan(null)}
        onClose={onClose}
      />
    );
  return (
    <Dialog
      wide
      title={m.tools_compare_title()}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={here.path === '' || starting.isPending} onPress={start}>
            {m.compare_start()}
          </Button>
        </>
      }
    >
      <form
        className={styles.ends}
        onSubmit={(event) => {
          event.preventDefault();
          if (here.path !== '') start();
        }}
      >
        <p>{m.compare_body()}</p>
        <div className={styles.way}>
          {m.compare_there()}
          <span className={styles.there}>{there}</span>
        </div>
        <TextField
          label={m.compare_here()}
          value={folder}
          onChange={setFolder}
          mono
          autoFocus
          beside={
            <Button
              onPress={() => picking.mutate('folder', { onSuccess: ([picked]) => picked && setFolder(picked) })}
            >
              {m.compare_pick()}
            </Button>
          }
        />
        <div className={styles.way}>
          <span aria-hidden="true">{m.compare_way()}</span>
          <Segmented
            label={m.compare_way()}
            segments={[
              { id: 'there', label: m.compare_to_there({ place: connectionName }), disabled: !abilities.write },
              { id: 'here', label: m.compare_to_here() },
            ]}
            chosen={way}
            onChoose={setWay}
          />
        </div>
        <div className={styles.way}>
          <span aria-hidden="true">{m.compare_by()}</span>
          <Segmented
            label={m.compare_by()}
            segments={[
              { id: 'size-and-time', label: m.compare_by_time() },
              { id: 'checksum', label: m.compare_by_checksum() },
            ]}
            chosen={by}
            onChoose={setBy}
          />
          <span className={styles.quiet}>{by === 'checksum' ? m.compare_by_checksum_means() : m.compare_by_time_means()}</span>
        </div>
        {starting.isError ? <ErrorNotice reason={starting.error} about={connectionName} /> : null}
      </form>
    </Dialog>
  );
}
