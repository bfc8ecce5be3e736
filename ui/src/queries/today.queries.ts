import { infiniteQueryOptions, mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type GroupKeyView } from '@/ipc';
import { keys } from './keys';

const PAGE = 100;

/** The day, as it is now. */
export const today = queryOptions({ queryKey: keys.today, queryFn: () => desk().today() });

export const attentionGroups = queryOptions({ queryKey: keys.attentionGroups, queryFn: () => desk().attentionGroups() });

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
