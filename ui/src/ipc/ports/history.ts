// The history by runs, acts on all that a filter finds, the order of the line, and named filters.
import type {
  ActView,
  BlockDraft,
  BlockView,
  PaceView,
  RunPageView,
  RunView,
  SavedViewDraft,
  SavedViewView,
  SideView,
  TransferFilterView,
  TransferView,
} from '../bindings';

export interface HistoryCalls {
  runPage(pace: PaceView | null, cursor: string | null, limit: number): Promise<RunPageView>;
  run(id: string): Promise<RunView>;
  /** Pieces of runs in the order of their lines; the last piece of a run is shorter than `limit`. */
  transferBlocks(pace: PaceView | null, wanted: BlockDraft[], limit: number): Promise<BlockView[]>;
  someTransfers(ids: string[]): Promise<TransferView[]>;
  /** How many changed. */
  actOnAll(filter: TransferFilterView, act: ActView): Promise<number>;
  moveFirst(ids: string[]): Promise<null>;
  /** Last in their lines where there is none to stand before. */
  moveBefore(ids: string[], before: string | null): Promise<null>;
  /** Shows an end that lies on this computer in the system's file manager. */
  showFile(id: string, side: SideView): Promise<null>;
  savedViews(): Promise<SavedViewView[]>;
  saveView(draft: SavedViewDraft): Promise<string>;
  orderViews(ids: string[]): Promise<null>;
  forgetView(id: string): Promise<null>;
}
