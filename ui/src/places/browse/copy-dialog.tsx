import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { ConflictRuleView, PlaceView, RequiredProofView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { Select } from '@/kit/select';
import { locale, m, ruleWord } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { useMetadata } from '@/parts/metadata';
import { PlaceChooser } from '@/parts/place-chooser';
import { connections } from '@/queries';
import styles from './browse.module.css';
import type { Acts } from './use-acts';

const RULES: readonly ConflictRuleView[] = ['ask', 'overwrite', 'skip', 'keep-both', 'newer'];

/** Where to, and what happens where the name is taken. A move says what becomes of the source. */
export function CopyDialog({ sources, to, move, begin, acts, onClose }: { sources: readonly PlaceView[]; to: PlaceView | null; move: boolean; begin: PlaceView; acts: Acts; onClose: () => void }) {
  const [target, setTarget] = useState<PlaceView>(to ?? begin);
  const [conflict, setConflict] = useState<ConflictRuleView>('ask');
  const [proof, setProof] = useState<RequiredProofView>('matched');
  const list = useQuery(connections).data ?? [];
  const n = formatNumber(sources.length, locale());
  const name = target.connection === null ? m.this_computer() : (list.find((one) => one.id === target.connection)?.name ?? '');
  const metadata = useMetadata(target, start);
  function start() {
    if (acts.copying.pending) return;
    metadata.through((forms) => acts.copy({ sources: [...sources], to: target, conflict, proof: move ? 'matched' : proof, thenDelete: move, forms }));
  }
  return (
    <Dialog
      title={move ? m.browse_move_title({ count: sources.length, n }) : m.browse_copy_title({ count: sources.length, n })}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          {metadata.lacking}
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={acts.copying.pending} onPress={start}>
            {move ? m.browse_move_now() : m.browse_copy_now()}
          </Button>
        </>
      }
    >
      {to === null ? (
        <PlaceChooser label={m.browse_copy_where()} value={target} onChange={setTarget} />
      ) : (
        <p className={styles.target}>
          {name}: <bdi>{shownName(target.path)}</bdi>
        </p>
      )}
      <div className={styles.pair}>
        <Select label={m.send_conflict()} options={RULES.map((rule) => ({ id: rule, label: ruleWord(rule) }))} value={conflict} onChange={setConflict} />
        {move ? null : (
          <Select
            label={m.send_proof()}
            options={[
              { id: 'matched', label: m.send_proof_matched() },
              { id: 'accepted', label: m.send_proof_accepted() },
            ]}
            value={proof}
            onChange={setProof}
          />
        )}
      </div>
      {move ? <p>{m.browse_move_means()}</p> : null}
      {metadata.panel}
      {acts.copying.error ? <ErrorNotice reason={acts.copying.error} about={name} /> : null}
    </Dialog>
  );
}
