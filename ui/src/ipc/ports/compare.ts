// Comparing two folders: a plan that is only read while it is made, then run exactly as it is shown.
import type { CompareDraftView, PlanFilterView, PlanPageView, PlanView, RunAsShownView } from '../bindings';

export interface CompareCalls {
  /** Answers the plan's id at once; the plan fills while it is looked at. */
  startCompare(draft: CompareDraftView): Promise<string>;
  lookAtPlan(id: string): Promise<PlanView>;
  planPage(id: string, filter: PlanFilterView, from: number, limit: number): Promise<PlanPageView>;
  /** By the numbers of rows. */
  tickPlan(id: string, rows: number[], on: boolean): Promise<null>;
  tickAllOfPlan(id: string, filter: PlanFilterView, on: boolean): Promise<null>;
  runPlan(id: string, title: string): Promise<RunAsShownView>;
  stopPlan(id: string): Promise<null>;
  closePlan(id: string): Promise<null>;
}
