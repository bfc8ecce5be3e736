// The queue and its history.
import type { RunView, SendDraftView, TransferCountsView, TransferDetailsView, TransferFilterView, TransferPageView } from '../bindings';

export interface TransferCalls {
  transfersPage(filter: TransferFilterView, cursor: string | null, limit: number): Promise<TransferPageView>;
  /** `dayBegan` is the midnight that today began with. */
  transferCounts(dayBegan: number): Promise<TransferCountsView>;
  transferDetails(id: string): Promise<TransferDetailsView>;
  runs(): Promise<RunView[]>;
  pauseTransfers(ids: string[]): Promise<null>;
  resumeTransfers(ids: string[]): Promise<null>;
  cancelTransfers(ids: string[]): Promise<null>;
  cancelRuns(runs: string[]): Promise<null>;
  retryTransfers(ids: string[]): Promise<null>;
  pauseAll(): Promise<null>;
  resumeAll(): Promise<null>;
  send(draft: SendDraftView): Promise<string>;
}
