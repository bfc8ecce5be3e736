import { Channel } from '@tauri-apps/api/core';
import { getCurrentWebview } from '@tauri-apps/api/webview';
import { commands, events, type ProgressBatchView, type TopicView } from '../bindings';
import type { DragEvent, Pushes, Unsubscribe } from '../port';
import { ask, later } from './ask';

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

const following = new Set<(topics: TopicView[]) => void>();

/** Begins to hear of changes: what is looked at before that could be out of date without anybody saying so. */
export async function hear(): Promise<void> {
  await events.topicsChanged.listen(({ payload }) => {
    for (const tell of following) tell(payload.topics);
  });
}

function onTopicsChanged(tell: (topics: TopicView[]) => void): Unsubscribe {
  following.add(tell);
  return () => void following.delete(tell);
}

export const pushes: Pushes = {
  onTopicsChanged,
  onProgress,
  onAttentionRaised: (tell) => later(events.attentionRaised.listen(({ payload }) => tell(payload.attention))),
  onQuestionsChanged: (tell) => later(events.questionsChanged.listen(({ payload }) => tell(payload.questions))),
  onDrag,
};
