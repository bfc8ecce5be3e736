// One cache for all answers, kept fresh by the desk's pushes and never by a clock.
import { MutationCache, type Query, QueryCache, QueryClient } from '@tanstack/react-query';
import { desk, progressStore, toIpcError, type AttentionView, type QuestionView, type TopicView, type Unsubscribe } from '@/ipc';
import { keys, STALE } from './keys';

/** How long a call waits before it asks a database again that another program holds. */
const AGAIN = 1000;
/** How often an act is tried then. A look goes on trying: there is nothing else to show. */
const ACTS = 10;

function isBusy(reason: unknown): boolean {
  return toIpcError(reason).code === 'busy';
}


/** `onBusy` hears whether another program holds the desk's database, as far as calls notice. */
export function newQueryClient(onBusy: (busy: boolean) => void = () => {}): QueryClient {
  const again = (most: number) => (count: number, reason: unknown) => {
    const busy = isBusy(reason);
    onBusy(busy);
    return busy && count < most;
  };
  const free = { onSuccess: () => onBusy(false) };
  return new QueryClient({
    queryCache: new QueryCache(free),
    mutationCache: new MutationCache(free),
    defaultOptions: {
      // The desk is in the same process: a refused call is an answer, and asking again gives the same one. What was refused
      // because somebody else was writing was not done at all.
      queries: { retry: again(Infinity), retryDelay: AGAIN, staleTime: Infinity, refetchOnWindowFocus: false, networkMode: 'always' },
      // What was passed may hold a secret: a call is forgotten as soon as nobody looks at it.
      mutations: { retry: again(ACTS), retryDelay: AGAIN, networkMode: 'always', gcTime: 0 },
    },
  });
}

/** Listens to the pushes until the returned function is called. */
export function followDesk(
  client: QueryClient,
  onAttention: (attention: AttentionView) => void,
  onQuestions: (questions: QuestionView[]) => void,
): Unsubscribe {
  const changes = gathered((topics) => refresh(client, topics, (queryKey, topic) => !isCalm(queryKey, topic)), TOGETHER);
  const calm = gathered((topics) => refresh(client, topics, isCalm), CALM);
  const ends = [
    changes.end,
    calm.end,
    desk().onTopicsChanged((topics) => {
      changes.take(topics);
      calm.take(topics);
    }),
    desk().onProgress((batch) => progressStore.take(batch, performance.now())),
    desk().onAttentionRaised(onAttention),
    desk().onQuestionsChanged(onQuestions),
  ];
  return () => {
    for (const end of ends) end();
  };
}

/** A search that went through so many pages is not read again for each commit: what moves in it is drawn from the progress. */
const READ_AGAIN = 4;

type Wanted = (queryKey: readonly string[], topic: TopicView) => boolean;

export function refresh(client: QueryClient, topics: readonly TopicView[], wanted: Wanted = () => true): void {
  const stale = new Set(topics.flatMap((topic) => STALE[topic].filter((queryKey) => wanted(queryKey, topic))));
  // What stands under another name that is stale as well is read once.
  const within = (key: readonly string[]) => [...stale].some((other) => other.length < key.length && other.every((part, at) => part === key[at]));
  for (const queryKey of [...stale].filter((key) => !within(key))) {
    const filters = { queryKey, predicate: ({ state }: Query) => queryKey !== keys.history || pagesOf(state.data) <= READ_AGAIN };
    for (const query of client.getQueryCache().findAll({ ...filters, fetchStatus: 'fetching' })) lookAgainAfter(client, query);
    void client.invalidateQueries(filters, { cancelRefetch: false });
  }
}

/** Looks that are made once more when the one on its way has ended. */
const again = new WeakSet<Query>();

/**
 * A look on its way may have read what was before the change. It is let end, so that a slow answer is shown even while
 * changes keep coming, and is made once more after it.
 */
function lookAgainAfter(client: QueryClient, query: Query): void {
  if (again.has(query)) return;
  again.add(query);
  const look = () => {
    again.delete(query);
    void client.invalidateQueries({ queryKey: query.queryKey, exact: true }, { cancelRefetch: false });
  };
  query.promise?.then(look, look);
}

function pagesOf(data: unknown): number {
  return typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages) ? data.pages.length : 0;
}

/** So long the desk's commits gather before they are read again, but for the first. */
const TOGETHER = 250;
/** The same for what looks through the whole desk, its disks too, and tells nothing that moves by the second. A question is told at once. */
const CALM = 2000;
const isCalm: Wanted = (queryKey, topic) => queryKey === keys.today || (queryKey === keys.needs && (topic === 'transfers' || topic === 'runs'));

/** Tells of topics at once, and of those that follow closely together. */
function gathered(tell: (topics: readonly TopicView[]) => void, together: number): { take: (topics: readonly TopicView[]) => void; end: () => void } {
  let waiting: Set<TopicView> | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  function pause() {
    timer = setTimeout(() => {
      const topics = [...(waiting ?? [])];
      waiting = null;
      if (topics.length === 0) return;
      waiting = new Set();
      tell(topics);
      pause();
    }, together);
  }
  return {
    take: (topics) => {
      if (waiting) {
        for (const topic of topics) waiting.add(topic);
        return;
      }
      waiting = new Set();
      tell(topics);
      pause();
    },
    end: () => clearTimeout(timer),
  };
}
