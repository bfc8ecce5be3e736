import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import { problemOfTags } from '@/domain/tags';
import type { MetadataView, PairView, PlaceView, TagLimitsView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { TextField } from '@/kit/field';
import { KeyValues } from '@/kit/key-values';
import { Section } from '@/kit/section';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { keys, saveTags } from '@/queries';
import styles from './tags.module.css';

interface Draft {
  /** What was there when somebody began to edit. */
  seen: PairView[];
  rows: (PairView & { id: number })[];
}

/** The tags: shown, edited as keys and values, saved whole. */
export function Tags({ place, metadata, limits, connectionName }: { place: PlaceView; metadata: MetadataView; limits: TagLimitsView; connectionName: string }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState<Draft | null>(null);
  const [conflict, setConflict] = useState<PairView[] | null>(null);
  const saving = useMutation({ ...saveTags, onSettled: () => client.invalidateQueries({ queryKey: keys.entryDetails(place) }) });
  const begin = (seen: PairView[], rows = seen) => {
    setConflict(null);
    setDraft({ seen, rows: (rows.length > 0 ? rows : [{ key: '', value: '' }]).map((row, id) => ({ ...row, id })) });
  };
  if (metadata.tagsHidden)
    return (
      <Section title={m.tags_title()}>
        <p className={styles.said}>{m.tags_hidden({ place: connectionName })}</p>
      </Section>
    );
  if (draft === null)
    return (
      <Section title={m.tags_title()}>
        {metadata.tags.length === 0 ? <p className={styles.said}>{m.tags_none()}</p> : <KeyValues pairs={metadata.tags.map(({ key, value }) => ({ key, label: shownName(key), value: shownName(value) }))} />}
        <div className={styles.begin}>
          <Button onPress={() => begin(metadata.tags)}>{m.tags_edit()}</Button>
        </div>
      </Section>
    );
  const wanted = draft.rows.filter((row) => row.key !== '' || row.value !== '').map(({ key, value }) => ({ key: key.trim(), value }));
  const problem = problemOfTags(wanted, limits);
  const change = (id: number, part: Partial<PairView>) => setDraft({ ...draft, rows: draft.rows.map((row) => (row.id === id ? { ...row, ...part } : row)) });
  const save = () => {
    if (problem) return;
    saving.mutate(
      { place, seen: draft.seen, wanted },
      {
        onSuccess: (saved) => {
          if (saved.conflict) return setConflict(saved.conflict);
          setDraft(null);
          toast({ text: m.tags_saved() });
        },
      },
    );
  };
  const n = (value: number) => formatNumber(value, locale());
  return (
    <Section title={m.tags_title()}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <p className={styles.said}>{m.tags_limits({ most: n(limits.most), key: n(limits.key), value: n(limits.value) })}</p>
        {conflict ? (
          <Callout tone="warn" title={m.tags_conflict_title()} live actions={<Button onPress={() => begin(conflict, wanted)}>{m.tags_conflict_mine()}</Button>}>
            <p>{m.tags_conflict_body()}</p>
            <ul className={styles.theirs}>
              {conflict.map(({ key, value }) => (
                <li key={key} data-text>
                  {shownName(key)} = {shownName(value)}
                </li>
              ))}
            </ul>
          </Callout>
        ) : null}
        {draft.rows.map((row, at) => (
          <div key={row.id} className={styles.row}>
            <TextField label={m.tags_key({ n: n(at + 1) })} value={row.key} onChange={(key) => change(row.id, { key })} autoFocus={at === 0} />
            <TextField label={m.tags_value({ n: n(at + 1) })} value={row.value} onChange={(value) => change(row.id, { value })} />
            <IconButton label={m.tags_remove({ key: shownName(row.key) })} onPress={() => setDraft({ ...draft, rows: draft.rows.filter((one) => one.id !== row.id) })}>
              <X aria-hidden size={16} />
            </IconButton>
          </div>
        ))}
        {problem ? (
          <p className={styles.problem} role="alert">
            {problem.code === 'most' ? m.tags_problem_most({ most: n(limits.most) }) : null}
            {problem.code === 'key-missing' ? m.tags_problem_key_missing() : null}
            {problem.code === 'key-long' ? m.tags_problem_key_long({ key: shownName(problem.key).slice(0, 24), n: n(limits.key) }) : null}
            {problem.code === 'value-long' ? m.tags_problem_value_long({ key: shownName(problem.key), n: n(limits.value) }) : null}
            {problem.code === 'twice' ? m.tags_problem_twice({ key: shownName(problem.key) }) : null}
            {problem.code === 'reserved' ? m.tags_problem_reserved() : null}
            {problem.code === 'sign' ? m.tags_problem_sign({ key: shownName(problem.key) }) : null}
          </p>
        ) : null}
        {saving.isError ? <ErrorNotice reason={saving.error} about={connectionName} /> : null}
        <div className={styles.buttons}>
          <Button isDisabled={draft.rows.length >= limits.most} onPress={() => setDraft({ ...draft, rows: [...draft.rows, { key: '', value: '', id: Math.max(-1, ...draft.rows.map((row) => row.id)) + 1 }] })}>
            <Plus aria-hidden size={14} /> {m.tags_add()}
          </Button>
          <span className={styles.push} />
          <Button onPress={() => setDraft(null)}>{m.cancel()}</Button>
          <Button type="submit" tone="go" isDisabled={problem !== null || saving.isPending || conflict !== null}>
            {m.tags_save()}
          </Button>
        </div>
      </form>
    </Section>
  );
}
