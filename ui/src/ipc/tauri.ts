// The desk behind Tauri: the only file that calls it.
import { Channel } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { commands, events, type IpcError, type ProgressBatchView, type TestReportView, type TestStepView } from './bindings';
import { IpcFailure, toIpcError } from './failure';
import type { DragEvent, Ipc, Unsubscribe } from './port';

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: IpcError };

/** Turns the answer of a command into a promise that fails with an `IpcFailure` and nothing else. */
async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (reason) {
    throw new IpcFailure(toIpcError(reason));
  }
  // A refusal of Tauri itself, such as a badly typed argument, arrives as a bare text.
  if (answer.status === 'error')
    throw new IpcFailure(typeof answer.error === 'object' ? answer.error : toIpcError(answer.error));
  return answer.data;
}

/** A subscription whose start is a promise may be ended before it began. */
function later(starting: Promise<() => void>): Unsubscribe {
  let ended = false;
  void starting.then((end) => (ended ? end() : undefined));
  return () => {
    ended = true;
    void starting.then((end) => end());
  };
}

/** Windows tells the pointer in physical pixels, GTK and AppKit in the page's own. */
function pageScale(): number {
  return navigator.userAgent.includes('Windows') ? window.devicePixelRatio : 1;
}

function onDrag(tell: (event: DragEvent) => void): Unsubscribe {
  let count = 0;
  return later(
    getCurrentWebview().onDragDropEvent(({ payload }) => {
      if (payload.type === 'leave') return tell({ phase: 'leave' });
      const x = payload.position.x / pageScale();
      const y = payload.position.y / pageScale();
      if (payload.type === 'drop') return tell({ phase: 'drop', x, y, paths: payload.paths });
      if (payload.type === 'enter') count = payload.paths.length;
      return tell({ phase: 'over', x, y, count });
    }),
  );
}

function onProgress(tell: (batch: ProgressBatchView) => void): Unsubscribe {
  const channel = new Channel<ProgressBatchView>();
  let ended = false;
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a channel has this one listener
  channel.onmessage = (batch) => {
    if (!ended) tell(batch);
  };
  void ask(commands.progressFollow(channel));
  return () => {
    ended = true;
  };
}

function testConnection(id: string, tell: (step: TestStepView) => void): Promise<TestReportView> {
  const steps = new Channel<TestStepView>();
  // oxlint-disable-next-line unicorn/prefer-add-event-listener -- a channel has this one listener
  steps.onmessage = tell;
  return ask(commands.connectionsTest(id, steps));
}

export const tauriIpc: Ipc = {
  about: () => ask(commands.deskAbout()),
  openVault: (passphrase) => ask(commands.vaultOpen(passphrase)),
  pickPaths: (pick) => ask(commands.pathsPick(pick)),

  transfersPage: (filter, cursor, limit) => ask(commands.transfersPage(filter, cursor, limit)),
  transferCounts: () => ask(commands.transfersCounts()),
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

  connectionSpecs: () => ask(commands.connectionsSpecs()),
  connections: () => ask(commands.connectionsList()),
  addConnection: (draft) => ask(commands.connectionsAdd(draft)),
  testConnection,
  removeConnection: (id) => ask(commands.connectionsRemove(id)),

  attention: () => ask(commands.attentionList()),
  answerAttention: (id, answer) => ask(commands.attentionAnswer(id, answer)),

  questions: () => ask(commands.questionsList()),
  answerQuestion: (id, answers) => ask(commands.questionsAnswer(id, answers)),

  onTopicsChanged: (tell) => later(events.topicsChanged.listen(({ payload }) => tell(payload.topics))),
  onProgress,
  onAttentionRaised: (tell) => later(events.attentionRaised.listen(({ payload }) => tell(payload.attention))),
  onQuestionsChanged: (tell) => later(events.questionsChanged.listen(({ payload }) => tell(payload.questions))),
  onDrag,
};
