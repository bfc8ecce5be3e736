import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type CompareDraftView, type PlanFilterView } from '@/ipc';
import { keys } from './keys';

const PAGE = 500;
/** So often a plan is looked at while it is made. */
const PACE = 400;

export const startCompare = mutationOptions({ mutationFn: (draft: CompareDraftView) => desk().startCompare(draft) });

export const plan = (id: string) =>
  queryOptions({
    queryKey: keys.plan(id),
    queryFn: () => desk().lookAtPlan(id),
    refetchInterval: (query) => (query.state.data === undefined || query.state.data.state.state === 'making' ? PACE : false),
    retry: false,
    gcTime: 0,
  });

export const planRows = (id: string, filter: PlanFilterView) =>
  infiniteQueryOptions({
    queryKey: keys.planRows(id, filter),
    queryFn: ({ pageParam }) => desk().planPage(id, filter, pageParam, PAGE),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    retry: false,
    gcTime: 0,
  });

export const tickPlan = mutationOptions({
  mutationFn: ({ id, rows, on }: { id: string; rows: number[]; on: boolean }) => desk().tickPlan(id, rows, on),
});
export const tickAllOfPlan = mutationOptions({
  mutationFn: ({ id, filter, on }: { id: string; filter: PlanFilterView; on: boolean }) => desk().tickAllOfPlan(id, filter, on),
});
export const runPlan = mutationOptions({ mutationFn: ({ id, title }: { id: string; title: string }) => desk().runPlan(id, title) });
export const stopPlan = mutationOptions({ mutationFn: (id: string) => desk().stopPlan(id) });
export const closePlan = (id: string): void => void desk().closePlan(id).catch(() => {});
