import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { lastName, shownName } from '@/domain/path';
import { type AbilitiesView, desk, type EntryView, type LossView, type PlaceView } from '@/ipc';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { Spinner } from '@/kit/skeleton';
import { locale, m, sayIn } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { connectionFacts, connections } from '@/queries';
import { offerBack } from './bring-back';
import styles from './browse.module.css';
import { seen, startRemoval } from './removals';

/** So many names are shown; the rest is counted. */
const NAMED = 6;

/** Says exactly what is lost before it is. Counting goes on while one reads; closing ends it. */
export function RemoveDialog({ entries, place, name, abilities, onOver, onClose }: { entries: readonly EntryView[]; place: PlaceView; name: string; abilities: AbilitiesView | undefined; onOver: () => void; onClose: () => void }) {
  const { connection, path } = place;
  const [loss, setLoss] = useState<LossView | null>(null);
  useEffect(() => desk().browseCountLoss(connection, entries.map(seen), setLoss), [connection, entries]);
  const kind = useQuery(connections).data?.find((one) => one.id === connection)?.kind ?? null;
  const unsure = useUnsure(connection, kind);
  const marks = abilities?.marks ?? false;
  const afterwards = () => {
    if (connection === null) return m.browse_remove_for_good();
    if (marks) return m.browse_remove_versions();
    if (abilities?.kept) return sayIn(kind, abilities.kept);
    return unsure ? m.browse_remove_untested({ place: name }) : m.browse_remove_remote();
  };
  const number = (value: number) => formatNumber(value, locale());
  const names = entries.slice(0, NAMED).map((entry) => shownName(entry.name));
  const rest = entries.length - names.length;
  const [first] = entries;
  const title = entries.length === 1 && first ? m.browse_remove_one({ name: shownName(first.name) }) : m.browse_remove_title({ n: number(entries.length) });
  return (
    <ConfirmDialog
      title={title}
      lost={{ title: m.browse_remove_lost({ place: name }), items: rest > 0 ? [...names, m.browse_and_more({ n: number(rest) })] : names }}
      confirmLabel={loss?.over ? m.browse_remove_now() : m.browse_remove_uncounted()}
      cancelLabel={m.cancel()}
      onConfirm={() => {
        const what = entries.length === 1 && first ? shownName(first.name) : m.browse_entries({ n: number(entries.length), folder: shownName(lastName(path)) });
        startRemoval(connection, path, what, entries, (told) => {
          onOver();
          if (marks && told.error === null && told.files === entries.length) offerBack(connection, entries, what, name, onOver);
        });
        onClose();
      }}
      onClose={onClose}
    >
      <p className={styles.loss} role="status" aria-live="polite">
        {loss === null || !loss.over ? <Spinner /> : null}
        <span>{loss === null ? m.browse_counting() : lossText(loss, number)}</span>
      </p>
      <p>{afterwards()}</p>
      {loss?.unknown ? <p className={styles.warn}>{m.browse_remove_unknown({ count: loss.unknown, n: number(loss.unknown) })}</p> : null}
      {loss?.error ? <ErrorNotice reason={loss.error} about={name} /> : null}
    </ConfirmDialog>
  );
}

/** Whether a bucket keeps versions is only known once its connection was tested. */
function useUnsure(connection: string | null, kind: string | null): boolean {
  const asked = connection !== null && kind === 's3';
  const facts = useQuery({ ...connectionFacts(connection ?? ''), enabled: asked });
  return asked && facts.data?.tested !== true;
}

function lossText(loss: LossView, number: (value: number) => string): string {
  const parts = [
    m.browse_loss_files({ count: loss.files, n: number(loss.files), size: formatBytes(loss.bytes, locale()) }),
    loss.folders > 0 ? m.browse_loss_folders({ count: loss.folders, n: number(loss.folders) }) : '',
    loss.others > 0 ? m.browse_loss_others({ count: loss.others, n: number(loss.others) }) : '',
  ];
  const text = parts.filter(Boolean).join(', ');
  return loss.over ? text : m.browse_loss_so_far({ text });
}
