// One cache for all answers, kept fresh by the desk's pushes and never by a clock.
import { QueryClient } from '@tanstack/react-query';
import { desk, progressStore, type AttentionView, type QuestionView, type TopicView, type Unsubscribe } from '@/ipc';
import { STALE } from './keys';

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The desk is in the same process: a refused call is an answer, and asking again gives the same one.
      queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, networkMode: 'always' },
      // What was passed may hold a secret: a call is forgotten as soon as nobody looks at it.
      mutations: { retry: false, networkMode: 'always', gcTime: 0 },
    },
  });
}

/** Listens to the pushes until the returned function is called. */
export function followDesk(
  client: QueryClient,
  onAttention: (attention: AttentionView) => void,
  onQuestions: (questions: QuestionView[]) => void,
): Unsubscribe {
  const ends = [
    desk().onTopicsChanged((topics) => refresh(client, topics)),
    desk().onProgress((batch) => progressStore.take(batch, performance.now())),
    desk().onAttentionRaised(onAttention),
    desk().onQuestionsChanged(onQuestions),
  ];
  return () => {
    for (const end of ends) end();
  };
}

export function refresh(client: QueryClient, topics: readonly TopicView[]): void {
  const stale = new Set(topics.flatMap((topic) => STALE[topic]));
  for (const queryKey of stale) void client.invalidateQueries({ queryKey });
}
