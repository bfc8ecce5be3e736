import { commands } from '../bindings';
import type { CompareCalls } from '../ports/compare';
import { ask } from './ask';

export const compareCalls: CompareCalls = {
  startCompare: (draft) => ask(commands.compareStart(draft)),
  lookAtPlan: (id) => ask(commands.compareLook(id)),
  planPage: (id, filter, from, limit) => ask(commands.comparePage(id, filter, from, limit)),
  tickPlan: (id, rows, on) => ask(commands.compareTick(id, rows, on)),
  tickAllOfPlan: (id, filter, on) => ask(commands.compareTickAll(id, filter, on)),
  runPlan: (id, title) => ask(commands.compareRun(id, title)),
  stopPlan: (id) => ask(commands.compareStop(id)),
  closePlan: (id) => ask(commands.compareClose(id)),
};
