// Files that were deleted where versions are kept: the mark that says deleted is removed, and they are back.
import { desk, type EntryView, type PlaceView, type VersionView } from '@/ipc';
import { toast, undoToast } from '@/kit/toast';
import { m } from '@/messages';
import { tellError } from '@/parts/error-notice';

/** The mark that hides a file whose name is typed; `null` where nothing is hidden there, or that cannot be told. */
export async function hidingMark(place: PlaceView): Promise<VersionView | null> {
  const [newest] = await desk().entryVersions(place).catch(() => []);
  return newest?.deleted ? newest : null;
}

/** Where somebody has put a new file there meanwhile, there is nothing to bring back over it. */
async function bringOne(place: PlaceView): Promise<void> {
  const mark = await hidingMark(place);
  if (mark) await desk().deleteVersion(place, mark.id);
}

/** Offers the way back after files were deleted. Folders have no marks of their own, so what was in them is not offered. */
export function offerBack(connection: string | null, entries: readonly EntryView[], name: string, where: string, reload: () => void): void {
  if (entries.some((entry) => entry.kind !== 'file')) return;
  async function bring(): Promise<void> {
    try {
      await Promise.all(entries.map(({ path }) => bringOne({ connection, path })));
      toast({ text: m.versions_undeleted({ name }) });
    } catch (reason) {
      tellError(reason, where);
    }
    reload();
  }
  undoToast({ text: m.browse_marked_deleted({ name }), undoLabel: m.undo(), undo: () => void bring() });
}
