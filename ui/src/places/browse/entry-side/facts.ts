import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { folderOf, shownName } from '@/domain/path';
import type { ColumnView, EntryView } from '@/ipc';
import type { KeyValue } from '@/kit/key-values';
import { locale, m, sayIn } from '@/messages';
import { factWords } from '../cells';

/** A remote's mark of a revision without the letter that says which kind it is. */
export const markOf = (version: string): string => version.replace(/^[ve]:/, '');

/** What a listing tells of an entry. */
export function factsOf(entry: EntryView, connectionName: string, kind: string, columns: readonly ColumnView[]): KeyValue[] {
  return [
    { key: 'place', label: m.entry_place(), value: `${connectionName}, ${shownName(folderOf(entry.path))}`, title: shownName(entry.path) },
    ...(entry.kind === 'file'
      ? [{ key: 'size', label: m.column_size(), value: formatBytes(entry.size, locale()), title: m.entry_bytes({ n: formatNumber(entry.size, locale()) }) }]
      : []),
    ...(entry.modified === null ? [] : [{ key: 'modified', label: m.browse_modified(), value: formatExact(entry.modified, locale()) }]),
    ...entry.facts.map(({ key, value }) => {
      const title = columns.find((column) => column.key === key)?.title;
      return { key: `fact-${key}`, label: title ? sayIn(kind, title) : shownName(key), value: factWords(key, value, true, 0) };
    }),
    ...(entry.version === null ? [] : [{ key: 'version', label: m.entry_mark(), value: markOf(entry.version), mono: true }]),
  ];
}
