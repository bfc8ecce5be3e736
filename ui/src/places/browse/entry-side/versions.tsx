import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatPrecise } from '@/domain/moment';
import { lastName, shownName } from '@/domain/path';
import type { EntryView, PlaceView, VersionView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { MenuButton } from '@/kit/menu';
import { Skeleton } from '@/kit/skeleton';
import { Tag } from '@/kit/tag';
import { toast, undoToast } from '@/kit/toast';
import { MoreHorizontal } from 'lucide-react';
import { locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { useNow } from '@/parts/use-now';
import { deleteVersion, downloadVersion, entryVersions, keys, pickPaths, restoreVersion, takeBackVersion } from '@/queries';
import { markOf } from './facts';
import { Preview } from './preview';
import styles from './versions.module.css';

/** The versions of a file: look at one, make it the latest again, fetch it, remove it. */
export function Versions({ place, entry, connectionName, removes }: { place: PlaceView; entry: EntryView; connectionName: string; removes: boolean }) {
  const now = useNow('minute');
  const client = useQueryClient();
  const listed = useQuery(entryVersions(place));
  const [open, setOpen] = useState<string | null>(null);
  const [removing, setRemoving] = useState<VersionView | null>(null);
  const about = entry.name;
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.entryVersions(place) });
    void client.invalidateQueries({ queryKey: keys.entryDetails(place) });
  };
  const failed = { onError: (reason: unknown) => tellError(reason, connectionName), onSettled: refresh };
  const restoring = useMutation({ ...restoreVersion, ...failed });
  const takingBack = useMutation({ ...takeBackVersion, ...failed });
  const deleting = useMutation({ ...deleteVersion, ...failed });
  const fetching = useMutation({ ...downloadVersion, onError: failed.onError });
  const picking = useMutation(pickPaths);
  if (listed.isPending) return <Skeleton label={m.versions_loading()} shape="rows" lines={4} />;
  if (listed.isError) return <ErrorNotice reason={listed.error} about={connectionName} />;
  const when = (version: VersionView) => (version.modified === null ? m.versions_no_time() : formatExact(version.modified, locale()));

  async function restore(version: VersionView) {
    const made = await restoring.mutateAsync({ place, id: version.id }).catch(() => undefined);
    if (made === undefined) return;
    const text = m.versions_restored({ name: shownName(about), when: when(version) });
    // What was made cannot be taken back where no version can be removed.
    if (made === null || !removes) toast({ text });
    else undoToast({ text, undoLabel: m.undo(), undo: () => takingBack.mutate({ place, made }, { onSuccess: () => toast({ text: m.versions_taken_back() }) }) });
  }

  async function download(version: VersionView) {
    const [folder] = await picking.mutateAsync('folder').catch(() => []);
    if (!folder) return;
    const title = m.versions_run_title({ name: shownName(about), when: when(version) });
    fetching.mutate({ place, version, folder, title }, { onSuccess: () => toast({ text: m.versions_fetching({ folder: shownName(lastName(folder)) }) }) });
  }

  function remove(version: VersionView) {
    deleting.mutate({ place, id: version.id }, { onSuccess: () => toast({ text: version.deleted ? m.versions_undeleted({ name: shownName(about) }) : m.versions_deleted() }) });
    setRemoving(null);
  }

  const stored = listed.data.filter((version) => !version.deleted).length;
  return (
    <>
      <p className={styles.said}>{m.versions_count({ count: stored, n: formatNumber(stored, locale()) })}</p>
      <ul className={styles.list} aria-label={m.entry_versions()}>
        {listed.data.map((version) => (
          <li key={version.id} className={styles.version}>
            <div className={styles.line}>
              <span className={styles.when} title={when(version)}>
                {version.modified === null ? m.versions_no_time() : formatPrecise(version.modified, now, locale())}
              </span>
              <span className={styles.size}>{version.deleted ? '' : formatBytes(version.size, locale())}</span>
              <span className={styles.acts}>
                {version.deleted ? null : (
                  <Button tone="quiet" aria-expanded={open === version.id} onPress={() => setOpen(open === version.id ? null : version.id)}>
                    {m.versions_look()}
                  </Button>
                )}
                <MenuButton
                  label={m.versions_acts({ when: when(version) })}
                  trigger={
                    <IconButton label={m.versions_acts({ when: when(version) })}>
                      <MoreHorizontal aria-hidden size={16} />
                    </IconButton>
                  }
                  parts={[
                    {
                      id: 'keep',
                      acts: version.deleted
                        ? []
                        : [
                            { id: 'restore', label: m.versions_restore(), unavailable: version.latest ? m.versions_latest_already() : undefined, run: () => void restore(version) },
                            { id: 'download', label: m.versions_download(), run: () => void download(version) },
                          ],
                    },
                    { id: 'lose', acts: !removes ? [] : [{ id: 'delete', label: version.deleted ? m.versions_undelete() : m.versions_delete(), bad: !version.deleted, run: () => setRemoving(version) }] },
                  ].filter((part) => part.acts.length > 0)}
                />
              </span>
            </div>
            <div className={styles.line}>
              {version.number === null ? (
                <code className={styles.id} title={markOf(version.id)}>{markOf(version.id)}</code>
              ) : (
                <span className={styles.number} title={markOf(version.id)}>{m.versions_number({ n: formatNumber(version.number, locale()) })}</span>
              )}
              <span className={styles.state}>{version.latest ? <Tag tone={version.deleted ? 'bad' : 'accent'}>{version.deleted ? m.versions_is_deleted() : m.versions_latest()}</Tag> : version.deleted ? <Tag tone="plain">{m.versions_was_deleted()}</Tag> : null}</span>
            </div>
            {open === version.id ? <Preview place={place} entry={entry} connectionName={connectionName} seen={{ size: version.size, modified: version.modified, version: version.id }} /> : null}
          </li>
        ))}
      </ul>
      {removing ? (
        <ConfirmDialog
          title={removing.deleted ? m.versions_undelete_title() : m.versions_delete_title()}
          {...(removing.deleted ? {} : { lost: { title: m.versions_lost(), items: [m.versions_lost_item({ name: shownName(about), when: when(removing), size: formatBytes(removing.size, locale()) })] } })}
          confirmLabel={removing.deleted ? m.versions_undelete() : m.versions_delete_confirm()}
          cancelLabel={m.cancel()}
          busy={deleting.isPending}
          onConfirm={() => remove(removing)}
          onClose={() => setRemoving(null)}
        >
          <p>{removing.deleted ? m.versions_undelete_body({ name: shownName(about) }) : removing.latest ? m.versions_delete_latest_body() : m.versions_delete_body()}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}
