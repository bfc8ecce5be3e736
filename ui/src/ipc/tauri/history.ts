import { commands } from '../bindings';
import type { HistoryCalls } from '../ports/history';
import { ask } from './ask';

export const historyCalls: HistoryCalls = {
  runPage: (pace, cursor, limit) => ask(commands.transfersRunPage(pace, cursor, limit)),
  run: (id) => ask(commands.transfersRun(id)),
  transferBlocks: (pace, wanted, limit) => ask(commands.transfersBlocks(pace, wanted, limit)),
  someTransfers: (ids) => ask(commands.transfersSome(ids)),
  actOnAll: (filter, act) => ask(commands.transfersActAll(filter, act)),
  moveFirst: (ids) => ask(commands.transfersMoveFirst(ids)),
  moveBefore: (ids, before) => ask(commands.transfersMoveBefore(ids, before)),
  showFile: (id, side) => ask(commands.transfersShowFile(id, side)),
  savedViews: () => ask(commands.viewsList()),
  saveView: (draft) => ask(commands.viewsSave(draft)),
  orderViews: (ids) => ask(commands.viewsOrder(ids)),
  forgetView: (id) => ask(commands.viewsForget(id)),
};
