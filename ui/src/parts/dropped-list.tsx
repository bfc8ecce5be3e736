import { Folder, X } from 'lucide-react';
import { fileKind, folderOf, lastName, shownName } from '@/domain/path';
import { formatBytes, formatNumber } from '@/domain/measure';
import type { LooseView, MeasuredView } from '@/ipc';
import { IconButton } from '@/kit/button';
import { cx } from '@/kit/class-names';
import { FileIcon } from '@/kit/file-icon';
import { locale, m } from '@/messages';
import styles from './dropped-list.module.css';

/** What is about to be sent: each thing with what lies in it, and above all of it together. */
export function DroppedList({
  paths,
  loose,
  measured,
  onRemove,
}: {
  paths: readonly string[];
  loose: readonly LooseView[];
  /** Nothing while it is being counted. */
  measured: readonly MeasuredView[] | undefined;
  onRemove: (pathOrId: string) => void;
}) {
  const of = (path: string) => measured?.find((one) => one.path === path);
  return (
    <section className={styles.dropped} aria-label={m.send_what()}>
      <p className={styles.sum} aria-live="polite">
        <Sum paths={paths.length} loose={loose} measured={measured} />
      </p>
      <ul className={styles.list}>
        {paths.map((path) => (
          <Line
            key={path}
            name={lastName(path)}
            place={folderOf(path.replace(/[/\\]+$/, ''))}
            folder={of(path)?.folder ?? false}
            problem={of(path)?.problem ?? null}
            size={sizeOf(of(path))}
            onRemove={() => onRemove(path)}
          />
        ))}
        {loose.map((one) => (
          <Line
            key={`loose:${one.id}`}
            name={one.name}
            place={m.pasted_loose()}
            folder={false}
            problem={null}
            size={formatBytes(one.bytes, locale())}
            onRemove={() => onRemove(one.id)}
          />
        ))}
      </ul>
    </section>
  );
}

function Line({
  name,
  place,
  folder,
  problem,
  size,
  onRemove,
}: {
  name: string;
  place: string;
  folder: boolean;
  problem: string | null;
  size: string;
  onRemove: () => void;
}) {
  const shown = shownName(name);
  return (
    <li className={styles.line}>
      {folder ? <Folder aria-hidden size={15} strokeWidth={1.6} /> : <FileIcon kind={fileKind(name)} />}
      <span className={styles.name} title={shownName(place + name)}>
        <bdi data-text>{shown}</bdi>
        <span className={styles.place}>{shownName(place)}</span>
      </span>
      <span className={cx(styles.size, problem !== null && styles.problem)} title={problem ?? undefined}>
        {problem === null ? size : m.dropped_problem()}
      </span>
      <IconButton label={m.dropped_remove({ name: shown })} onPress={onRemove}>
        <X aria-hidden size={14} />
      </IconButton>
    </li>
  );
}

function sizeOf(one: MeasuredView | undefined): string {
  if (one === undefined) return '…';
  const what = one.folder ? `${countOfFiles(one.files)}, ${formatBytes(one.bytes, locale())}` : formatBytes(one.bytes, locale());
  return one.complete ? what : m.dropped_at_least({ what });
}

function countOfFiles(count: number): string {
  return m.files_count({ count, n: formatNumber(count, locale()) });
}

/** “2 folders, 1,204 files, 3.4 GB”. */
function Sum({ paths, loose, measured }: { paths: number; loose: readonly LooseView[]; measured: readonly MeasuredView[] | undefined }) {
  if (measured === undefined && paths > 0) return m.dropped_counting();
  const known = measured ?? [];
  const folders = known.filter((one) => one.folder).length;
  const files = known.reduce((sum, one) => sum + one.files, loose.length);
  const bytes = known.reduce((sum, one) => sum + one.bytes, 0) + loose.reduce((sum, one) => sum + one.bytes, 0);
  const what = `${countOfFiles(files)} · ${formatBytes(bytes, locale())}`;
  const counted = known.every((one) => one.complete) ? what : m.dropped_at_least({ what });
  return folders > 0 ? `${m.folders_count({ count: folders, n: formatNumber(folders, locale()) })} · ${counted}` : counted;
}
