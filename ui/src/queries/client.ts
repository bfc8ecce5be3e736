// One cache for all answers, kept fresh by the desk's pushes and never by a clock.
import { QueryClient } from '@tanstack/react-query';
import { desk, progressStore, type AttentionView, type TopicView, type Unsubscribe } from '@/ipc';
import { STALE } from './keys';

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      // The desk is in the same process: a refused call is an answer, and asking again gives the same one.
      queries: { retry: false, staleTime: Infinity, refetchOnWindowFocus: false, networkMode: 'always' },
      mutations: { retry: false, networkMode: 'always' },
    },
  });
}

/** Listens to the three pushes until the returned function is called. */
export function followDesk(client: QueryClient, onAttention: (attention: AttentionView) => void): Unsubscribe {
  const ends = [
    desk().onTopicsChanged((topics) => refresh(client, topics)),
    desk().onProgress((batch) => progressStore.take(batch, performance.now())),
    desk().onAttentionRaised(onAttention),
  ];
  return () => {
    for (const end of ends) end();
  };
}

export function refresh(client: QueryClient, topics: readonly TopicView[]): void {
  const stale = new Set(topics.flatMap((topic) => STALE[topic]));
  for (const queryKey of stale) void client.invalidateQueries({ queryKey });
}
