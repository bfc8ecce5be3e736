import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { folderOf, shownName } from '@/domain/path';
import type { AnswerView, AttentionView, ConflictRuleView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { Checkbox } from '@/kit/field';
import { KeyValues } from '@/kit/key-values';
import { locale, m } from '@/messages';
import { needs } from '@/queries';
import { conflictName, fact, numberFact } from './attention-facts';
import styles from './dialogs.module.css';

const CHOICES: readonly { rule: ConflictRuleView; label: () => string }[] = [
  { rule: 'skip', label: m.conflict_skip },
  { rule: 'keep-both', label: m.conflict_keep_both },
  { rule: 'newer', label: m.conflict_newer },
  { rule: 'overwrite', label: m.conflict_overwrite },
];

/** Something of that name is there: both sides side by side, and what to do, for one or for all of the run. */
export function ConflictDialog({
  attention,
  forAll: proposed,
  pending,
  problem,
  onAnswer,
  onClose,
}: {
  attention: AttentionView;
  /** Whether one answer for all of the run is proposed. */
  forAll: boolean;
  pending: boolean;
  problem: React.ReactNode;
  onAnswer: (answer: AnswerView) => void;
  onClose: () => void;
}) {
  const [forAll, setForAll] = useState(proposed);
  const groups = useQuery(needs).data ?? [];
  const open = groups.find((group) => group.kind === 'conflict' && group.run?.id === attention.run)?.count ?? 0;
  const path = fact(attention, 'path') ?? '';
  const name = conflictName(attention);
  return (
    <Dialog
      title={m.conflict_title({ name })}
      onClose={onClose}
      closeLabel={m.close()}
      role="alertdialog"
      wide
      actions={CHOICES.map((choice) => (
        <Button
          key={choice.rule}
          isDisabled={pending}
          tone={choice.rule === 'overwrite' ? 'bad' : 'plain'}
          onPress={() => onAnswer({ answer: 'conflict', rule: choice.rule, forAllOfRun: forAll })}
        >
          {choice.label()}
        </Button>
      ))}
    >
      <p>{m.conflict_body({ place: attention.connectionName ?? m.this_computer(), folder: shownName(folderOf(path)) })}</p>
      <div className={styles.facts}>
        <KeyValues
          pairs={[
            { key: 'ours', label: m.conflict_yours(), value: side(attention, 'source') },
            { key: 'theirs', label: m.conflict_theirs(), value: side(attention, 'target') },
          ]}
        />
      </div>
      <Checkbox label={open > 1 ? m.conflict_all_now({ n: formatNumber(open, locale()) }) : m.conflict_all()} checked={forAll} onChange={setForAll} />
      {problem}
    </Dialog>
  );
}

function side(attention: AttentionView, which: 'source' | 'target'): string {
  const size = numberFact(attention, `${which}_size`);
  const modified = numberFact(attention, `${which}_modified`);
  return m.conflict_modified({
    size: size === null ? m.conflict_unknown_size() : formatBytes(size, locale()),
    at: modified === null ? m.conflict_unknown_time() : formatExact(modified, locale()),
  });
}
