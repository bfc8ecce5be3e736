// Folders and what is in them.
import type { AbilitiesView, CopyDraftView, EntryPageView, EntryView, FolderBatchView, LossView, PlaceView, RemovalView, SearchDraftView, SeenView } from '../bindings';

export interface BrowseCalls {
  /** What one may do on a connection; `null` is this computer. */
  browseAbilities(connection: string | null): Promise<AbilitiesView>;
  /** The user's own folder on this computer. */
  browseHome(): Promise<string>;
  /** The entry at a place; `null` where nothing is there. */
  browseLook(place: PlaceView): Promise<EntryView | null>;
  /** `tell` hears batch after batch until one is over. What is returned ends it before that. */
  browseFollow(place: PlaceView, tell: (batch: FolderBatchView) => void): () => void;
  /** Asks the remote's own search; `cursor` is the `next` of the piece before. */
  browseSearch(query: SearchDraftView, cursor: string | null): Promise<EntryPageView>;
  browseMakeFolder(place: PlaceView): Promise<null>;
  /** Answers the new path. */
  browseRename(place: PlaceView, name: string): Promise<string>;
  /** Answers the run. */
  browseCopy(draft: CopyDraftView): Promise<string>;
  /** Counts what would be lost. What is returned ends the counting. */
  browseCountLoss(connection: string | null, entries: SeenView[], tell: (loss: LossView) => void): () => void;
  /** Removes, until it is over or stopped by what is returned. */
  browseRemove(connection: string | null, entries: SeenView[], tell: (removal: RemovalView) => void): () => void;
}
