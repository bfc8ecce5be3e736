import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact, formatRelative } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { PlaceView, UnfinishedView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { DataGrid, type GridColumn } from '@/kit/data-grid';
import { Dialog } from '@/kit/dialog';
import { EmptyState } from '@/kit/empty-state';
import { Skeleton } from '@/kit/skeleton';
import { Tag } from '@/kit/tag';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { useNow } from '@/parts/use-now';
import { abortUpload, unfinishedUploads } from '@/queries';
import { PathCell } from './path-cell';
import styles from './tools.module.css';

/** The heights of a head and a row, so that two uploads leave no hole below them. */
const HEAD = 32;
const ROW = 40;

const keyOf = (upload: UnfinishedView): string => `${upload.path}\u0000${upload.id}`;

/** Uploads that were begun below a folder and never finished: whose they are, and ending those that are nobody's any more. */
export function UploadsDialog({ folder, connectionName, onClose }: { folder: PlaceView; connectionName: string; onClose: () => void }) {
  const now = useNow('minute');
  const listed = useQuery(unfinishedUploads(folder));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const all = listed.data ?? [];
  const ending = all.filter((upload) => chosen.has(keyOf(upload)) && !upload.ours);
  const aborting = useMutation({
    mutationFn: async (uploads: readonly UnfinishedView[]) => {
      let done = 0;
      // One after the other: the first that is refused ends it, and says why.
      for (const upload of uploads) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is about
        await abortUpload(folder, upload);
        done += 1;
      }
      return done;
    },
    onSuccess: (done) => toast({ text: m.uploads_ended({ count: done, n: formatNumber(done, locale()) }) }),
    onSettled: () => {
      setChosen(new Set());
      return listed.refetch();
    },
  });
  return (
    <>
      <Dialog
        wide="list"
        title={m.uploads_title({ place: connectionName })}
        onClose={onClose}
        closeLabel={m.close()}
        actions={
          <>
            <Button onPress={onClose}>{m.close()}</Button>
            {all.length === 0 ? null : (
              <Button tone="bad" isDisabled={ending.length === 0 || aborting.isPending} onPress={() => setAsking(true)}>
                {m.uploads_end({ count: ending.length, n: formatNumber(ending.length, locale()) })}
              </Button>
            )}
          </>
        }
      >
        {all.length === 0 ? null : (
          <p>
            {m.uploads_body()} {all.some((upload) => upload.ours) ? m.uploads_ours_said() : ''}
          </p>
        )}
        {aborting.isError ? <ErrorNotice reason={aborting.error} about={connectionName} /> : null}
        {listed.isPending ? <Skeleton label={m.uploads_loading()} shape="rows" lines={4} /> : null}
        {listed.isError ? <ErrorNotice reason={listed.error} about={connectionName} /> : null}
        {listed.data && all.length === 0 ? <EmptyState title={m.uploads_none_title()}>{m.uploads_none_body()}</EmptyState> : null}
        {all.length > 0 ? (
          <div className={styles.grid} style={{ height: `min(${HEAD + all.length * ROW}px, 50vh)` }}>
            <DataGrid
              label={m.tools_uploads()}
              columns={columnsAt(now)}
              lines={all.map((item) => ({ kind: 'row', key: keyOf(item), item }))}
              textOf={(upload) => upload.path}
              selected={chosen}
              onSelect={setChosen}
              onKey={(event) => {
                if (event.key !== 'Delete' || ending.length === 0) return false;
                setAsking(true);
                return true;
              }}
            />
          </div>
        ) : null}
      </Dialog>
      {asking && ending.length > 0 ? (
        <ConfirmDialog
          title={m.uploads_end_title({ count: ending.length, n: formatNumber(ending.length, locale()) })}
          lost={{ title: m.uploads_lost(), items: ending.slice(0, 8).map((upload) => `${shownName(upload.path)}${upload.bytes === null ? '' : `, ${formatBytes(upload.bytes, locale())}`}`) }}
          confirmLabel={m.uploads_end_confirm()}
          cancelLabel={m.cancel()}
          onConfirm={() => {
            setAsking(false);
            aborting.mutate(ending);
          }}
          onClose={() => setAsking(false)}
        >
          <Callout tone="warn" title={m.uploads_running_title()}>
            <p>{m.uploads_running_body()}</p>
          </Callout>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function columnsAt(now: number): GridColumn<UnfinishedView>[] {
  return [
    { id: 'path', header: m.column_file(), track: 'minmax(0, 1fr)', cell: (upload) => <PathCell path={upload.path} /> },
    { id: 'started', header: m.uploads_begun(), track: '120px', figures: true, cell: (upload) => <span title={upload.started === null ? '' : formatExact(upload.started, locale())}>{upload.started === null ? m.uploads_unknown() : formatRelative(upload.started, now, locale())}</span> },
    { id: 'bytes', header: m.uploads_so_far(), track: '88px', align: 'end', cell: (upload) => (upload.bytes === null ? m.uploads_unknown() : formatBytes(upload.bytes, locale())) },
    { id: 'ours', header: m.uploads_whose(), track: '150px', cell: (upload) => (upload.ours ? <Tag tone="accent">{m.uploads_ours()}</Tag> : <span className={styles.quiet}>{m.uploads_others()}</span>) },
  ];
}
