import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type GroupKeyView } from '@/ipc';
import { keys } from './keys';

const PAGE = 100;

/** The day, as it is now. */
export const today = queryOptions({ queryKey: keys.today, queryFn: () => desk().today() });

/** What needs a person, the most pressing first. Whoever says how much that is counts these, and nothing else. */
export const needs = queryOptions({ queryKey: keys.needs, queryFn: () => desk().needs() });

/** Runs that nobody could look through yet, each with the question that holds it up. */
export const heldRuns = queryOptions({ queryKey: keys.heldRuns, queryFn: () => desk().heldRuns() });

export const attentionPages = (group: GroupKeyView) =>
  infiniteQueryOptions({
    queryKey: keys.attentionPages(group),
    queryFn: ({ pageParam }) => desk().attentionPage(group, pageParam, PAGE),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => (page.length < PAGE ? null : (page.at(-1)?.id ?? null)),
  });

export const demoState = queryOptions({ queryKey: keys.demo, queryFn: () => desk().demoState() });

export const joinDemo = mutationOptions({ mutationFn: () => desk().demoJoin() });

export const leaveDemo = mutationOptions({ mutationFn: () => desk().demoLeave() });
