// What is sent, in files and folders, as far as it is known.
import type { EntryView, MeasuredView } from '@/ipc';

export interface Things {
  files: number;
  folders: number;
  /** Nobody has looked which of both they are. */
  either: number;
}

export const unknownThings = (count: number): Things => ({ files: 0, folders: 0, either: count });

function counted<Thing>(all: readonly Thing[], kindOf: (one: Thing) => keyof Things): Things {
  const of = (kind: keyof Things) => all.filter((one) => kindOf(one) === kind).length;
  return { files: of('files'), folders: of('folders'), either: of('either') };
}

export const thingsOf = (entries: readonly EntryView[]): Things => counted(entries, ({ kind }) => (kind === 'file' ? 'files' : kind === 'folder' ? 'folders' : 'either'));

/** What could not be looked at may be both. */
export const measuredThings = (all: readonly MeasuredView[]): Things => counted(all, ({ folder, problem }) => (problem !== null ? 'either' : folder ? 'folders' : 'files'));
