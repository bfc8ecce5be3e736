import { formatBytes } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { AbilitiesView, EntryView, PlaceView } from '@/ipc';
import { KeyValues } from '@/kit/key-values';
import { SidePanel } from '@/kit/split';
import { locale, m } from '@/messages';

export interface EntrySideProps {
  /** The folder that it lies in. */
  place: PlaceView;
  connectionName: string;
  /** Which connector. */
  kind: string;
  entry: EntryView;
  abilities: AbilitiesView;
  onClose: () => void;
}

/** Everything about one entry. */
export function EntrySide({ connectionName, entry, onClose }: EntrySideProps) {
  return (
    <SidePanel id="entry-side" label={m.browse_side()} title={shownName(entry.name)} subtitle={connectionName} onClose={onClose} closeLabel={m.close()}>
      <KeyValues
        pairs={[
          { key: 'path', label: m.browse_path(), mono: true, value: shownName(entry.path) },
          ...(entry.kind === 'file' ? [{ key: 'size', label: m.column_size(), value: formatBytes(entry.size, locale()) }] : []),
          ...(entry.modified === null ? [] : [{ key: 'modified', label: m.browse_modified(), value: formatExact(entry.modified, locale()) }]),
        ]}
      />
    </SidePanel>
  );
}
