// Folders and what is in them.
import type { AbilitiesView, EntryView, FolderBatchView, PlaceView } from '../bindings';

export interface BrowseCalls {
  /** What one may do on a connection; `null` is this computer. */
  browseAbilities(connection: string | null): Promise<AbilitiesView>;
  /** The user's own folder on this computer. */
  browseHome(): Promise<string>;
  /** The entry at a place; `null` where nothing is there. */
  browseLook(place: PlaceView): Promise<EntryView | null>;
  /** `tell` hears batch after batch until one is over. What is returned ends it before that. */
  browseFollow(place: PlaceView, tell: (batch: FolderBatchView) => void): () => void;
}
