// What is sent, in words that take no folder for a file.
import { formatNumber } from '@/domain/measure';
import type { Things } from '@/domain/things';
import { locale, m } from '@/messages';

const n = (value: number) => formatNumber(value, locale());

export function metadataFor({ files, folders, either }: Things): string {
  const all = files + folders + either;
  if (either > 0) return m.metadata_for({ what: m.metadata_for_either({ count: all, n: n(all) }) });
  const inFiles = m.files_count({ count: files, n: n(files) });
  const inFolders = m.metadata_for_folders({ count: folders, n: n(folders) });
  return m.metadata_for({ what: folders === 0 ? inFiles : files === 0 ? inFolders : m.metadata_for_both({ files: inFiles, folders: inFolders }) });
}

export function nothingSent({ files, folders, either }: Things): string {
  return folders + either > 0 ? m.metadata_nothing_sent_of_all() : m.metadata_nothing_sent({ count: files, n: n(files) });
}
