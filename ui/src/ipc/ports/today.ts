// The day, what waits for a person in groups, and the demo beside one's own connections.
import type { AttentionGroupView, AttentionView, DemoView, GroupKeyView, TodayView } from '../bindings';

export interface TodayCalls {
  today(): Promise<TodayView>;
  attentionGroups(): Promise<AttentionGroupView[]>;
  /** The oldest first, behind the one with the id `after`. */
  attentionPage(group: GroupKeyView, after: string | null, limit: number): Promise<AttentionView[]>;
  demoState(): Promise<DemoView>;
  demoJoin(): Promise<DemoView>;
  demoLeave(): Promise<null>;
}
