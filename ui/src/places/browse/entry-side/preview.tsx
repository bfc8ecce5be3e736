import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import type { EntryView, PlaceView, PreviewView, StampView } from '@/ipc';
import { toIpcError } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Skeleton } from '@/kit/skeleton';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { preview, stampOf } from '@/queries';
import styles from './preview.module.css';
import { Nothing } from './nothing';
import { Picture } from './preview-picture';
import { PlainText } from './preview-text';
import { TableText } from './preview-table';

// Each is large and most files need none of them.
const Pdf = lazy(async () => ({ default: (await import('./preview-pdf')).Pdf }));
const MarkdownText = lazy(async () => ({ default: (await import('./preview-markdown')).MarkdownText }));

/** A look at a file, or at one of its versions. Nothing of the file runs, loads or leads anywhere. */
export function Preview({ place, entry, connectionName, seen = stampOf(entry) }: { place: PlaceView; entry: EntryView; connectionName: string; seen?: StampView }) {
  const look = useQuery(preview(place, seen));
  const close = look.data?.close;
  useEffect(() => close, [close]);
  if (look.isPending) return <Skeleton label={m.preview_loading()} lines={8} />;
  if (look.isError) {
    const error = toIpcError(look.error);
    // Something else was chosen in between; what is drawn now is asked for anew.
    if (error.code === 'not-now' || (error.code === 'remote' && error.failure.kind === 'changed'))
      return (
        <Callout tone="warn" title={m.preview_changed_title()} live actions={<Button onPress={() => void look.refetch()}>{m.act_retry()}</Button>}>
          <p>{m.preview_changed_body()}</p>
        </Callout>
      );
    return <ErrorNotice reason={look.error} about={connectionName} />;
  }
  return (
    <Suspense fallback={<Skeleton label={m.preview_loading()} lines={8} />}>
      <Found found={look.data} name={entry.name} size={seen.size} place={connectionName} />
    </Suspense>
  );
}

function Found({ found, name, size, place }: { found: PreviewView; name: string; size: number; place: string }) {
  const bytes = (n: number) => formatBytes(n, locale());
  switch (found.kind) {
    case 'text':
      return (
        <div className={styles.text}>
          <p className={styles.said}>
            {[
              found.guessed ? m.preview_encoding_guessed({ encoding: found.encoding }) : found.encoding,
              ...(found.form === 'page' ? [m.preview_page()] : []),
              ...(found.read < size ? [m.preview_first({ read: bytes(found.read), size: bytes(size) })] : []),
            ].join(' · ')}
          </p>
          {found.form === 'table' ? <TableText text={found.text} /> : null}
          {found.form === 'markdown' ? <MarkdownText text={found.text} /> : null}
          {found.form === 'plain' || found.form === 'page' ? <PlainText text={found.text} name={name} /> : null}
        </div>
      );
    case 'picture':
      return <Picture token={found.token} name={name} />;
    case 'drawn':
      return <Picture token={found.token} name={name} by={place} />;
    case 'pdf':
      return <Pdf token={found.token} name={name} />;
    case 'empty':
      return <Nothing title={m.preview_empty_title()} body={m.preview_empty_body()} />;
    case 'binary':
      return <Nothing title={m.preview_binary_title()} body={m.preview_binary_body()} />;
    case 'too-large':
      return <Nothing title={m.preview_large_title()} body={m.preview_large_body({ limit: bytes(found.limit) })} />;
    case 'too-many-points':
      return <Nothing title={m.preview_large_title()} body={m.preview_points_body({ limit: formatNumber(Math.round(found.limit / 1e6), locale()) })} />;
  }
}
