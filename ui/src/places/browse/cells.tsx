// What stands in the cells of a listing.
import { CornerUpRight, File, Folder } from 'lucide-react';
import { factOf, type Row } from '@/domain/entries';
import { type FactKind, KIND, type State, stateIn, type Thing, thingIn, wordsIn } from '@/domain/facts';
import { formatBytes, formatDecimal } from '@/domain/measure';
import { formatDate, formatDateAlone, formatExact, formatMoment, momentIn } from '@/domain/moment';
import { fileKind, folderOf, shownName } from '@/domain/path';
import { FileIcon } from '@/kit/file-icon';
import { Tag, type Tone } from '@/kit/tag';
import { locale, m } from '@/messages';
import { useNow } from '@/parts/use-now';
import styles from './browse.module.css';

export function Name({ row: { entry } }: { row: Row }) {
  const name = shownName(entry.name);
  return (
    <span className={styles.name} title={name}>
      <Icon row={entry} />
      <bdi className={styles.cut}>{name}</bdi>
      {entry.link ? (
        <span className={styles.link} title={m.browse_link()}>
          <CornerUpRight aria-label={m.browse_link()} size={12} />
        </span>
      ) : null}
      {entry.addressable ? null : <Tag tone="warn">{m.browse_unspellable()}</Tag>}
      {entry.kind === 'other' ? <Tag tone="plain">{m.browse_other()}</Tag> : null}
    </span>
  );
}

function Icon({ row }: { row: Row['entry'] }) {
  if (row.kind === 'folder') return <Folder aria-hidden className={styles.folderIcon} size={15} strokeWidth={1.6} />;
  if (row.kind === 'other') return <File aria-hidden className={styles.folderIcon} size={15} strokeWidth={1.6} />;
  return <FileIcon kind={fileKind(row.name)} />;
}

export function InFolder({ row: { entry } }: { row: Row }) {
  const folder = shownName(folderOf(entry.path).replace(/(?<=.)\/$/, ''));
  return (
    <span className={`${styles.muted} ${styles.cut}`} title={folder}>
      <bdi>{folder}</bdi>
    </span>
  );
}

const STATES: Record<State, { tone: Tone; word: () => string }> = {
  approved: { tone: 'ok', word: m.fact_approved },
  pending: { tone: 'hold', word: m.fact_pending },
  restricted: { tone: 'warn', word: m.fact_restricted },
  expired: { tone: 'bad', word: m.fact_expired },
  rejected: { tone: 'bad', word: m.fact_rejected },
};

const THINGS: Record<Thing, () => string> = {
  folder: m.fact_folder, album: m.fact_album, collection: m.fact_collection, image: m.fact_image, video: m.fact_video,
  audio: m.fact_audio, document: m.fact_document, presentation: m.fact_presentation, other: m.fact_other,
};

/** A value of a column as its reader says it: moments, days and numbers by the language, what is known by its word. */
export function factWords(column: string, text: string, exact: boolean, now: number): string {
  const thing = column === KIND ? thingIn(text) : null;
  if (thing) return THINGS[thing]();
  const [at, state] = [momentIn(text), stateIn(text)];
  if (state) return STATES[state].word();
  if (at !== null) return exact ? formatExact(at, locale()) : formatDate(at, now, locale());
  // Whole numbers may be a name or a revision.
  return formatDateAlone(text, locale()) ?? (/^[+-]?\d{4,}\.\d+$/.test(text) ? formatDecimal(text, locale()) : shownName(text));
}

/** What the remote tells of an entry in one of its columns. */
export function Fact({ entry, column, kind }: { entry: Row['entry']; column: string; kind: FactKind }) {
  const now = useNow('minute');
  const text = factOf(entry, column);
  if (text === '') return null;
  const state = kind === 'states' ? stateIn(text) : null;
  if (state) {
    const { tone, word } = STATES[state];
    return (
      <span className={styles.words} title={shownName(text)}>
        <Tag tone={tone}>{word()}</Tag>
      </span>
    );
  }
  if (kind === 'list')
    return (
      <span className={styles.words} title={shownName(text)}>
        {wordsIn(text).map((word) => (
          <Tag key={word} tone="plain">
            {shownName(word)}
          </Tag>
        ))}
      </span>
    );
  return (
    <span className={`${styles.muted} ${styles.cut}`} title={factWords(column, text, true, now)}>
      <bdi>{factWords(column, text, false, now)}</bdi>
    </span>
  );
}

export function Size({ row: { entry } }: { row: Row }) {
  return <span className={styles.muted}>{entry.kind === 'file' ? formatBytes(entry.size, locale()) : ''}</span>;
}

export function Modified({ at }: { at: number | null }) {
  const now = useNow('minute');
  if (at === null) return null;
  return (
    <span className={styles.muted} title={formatExact(at, locale())}>
      {formatMoment(at, now, locale())}
    </span>
  );
}
