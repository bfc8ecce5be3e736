import { commands } from '../bindings';
import type { TransferCalls } from '../ports/transfers';
import { ask } from './ask';

export const transferCalls: TransferCalls = {
  transfersPage: (filter, cursor, limit) => ask(commands.transfersPage(filter, cursor, limit)),
  transferCounts: (dayBegan) => ask(commands.transfersCounts(dayBegan)),
  transferDetails: (id) => ask(commands.transfersDetails(id)),
  runs: () => ask(commands.transfersRuns()),
  pauseTransfers: (ids) => ask(commands.transfersPause(ids)),
  resumeTransfers: (ids) => ask(commands.transfersResume(ids)),
  cancelTransfers: (ids) => ask(commands.transfersCancel(ids)),
  cancelRuns: (runs) => ask(commands.transfersCancelRuns(runs)),
  retryTransfers: (ids) => ask(commands.transfersRetry(ids)),
  pauseAll: () => ask(commands.transfersPauseAll()),
  resumeAll: () => ask(commands.transfersResumeAll()),
  send: (draft) => ask(commands.transfersSend(draft)),
};
