import { commands } from '../bindings';
import type { TodayCalls } from '../ports/today';
import { ask } from './ask';

export const todayCalls: TodayCalls = {
  today: () => ask(commands.todayLook()),
  needs: () => ask(commands.needsList()),
  heldRuns: () => ask(commands.runsHeld()),
  attentionPage: (group, after, limit) => ask(commands.attentionPage(group, after, limit)),
  demoState: () => ask(commands.demoState()),
  demoJoin: () => ask(commands.demoJoin()),
  demoLeave: () => ask(commands.demoLeave()),
};
