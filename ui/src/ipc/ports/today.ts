// The day, what needs a person, and the demo beside one's own connections.
import type { AttentionView, DemoView, GroupKeyView, HeldRunView, NeedView, TodayView } from '../bindings';

export interface TodayCalls {
  today(): Promise<TodayView>;
  /** The most pressing first. */
  needs(): Promise<NeedView[]>;
  /** Runs that nobody could look through yet, each with the question that holds it up. */
  heldRuns(): Promise<HeldRunView[]>;
  /** The oldest first, behind the one with the id `after`. */
  attentionPage(group: GroupKeyView, after: string | null, limit: number): Promise<AttentionView[]>;
  demoState(): Promise<DemoView>;
  demoJoin(): Promise<DemoView>;
  demoLeave(): Promise<null>;
}
