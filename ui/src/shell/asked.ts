import { useQuery } from '@tanstack/react-query';
import { attentionGroups } from '@/queries';

/** How many questions are open. Counted in groups, so that ten thousand of them are not fetched to be counted. */
export function useAskedCount(): number {
  return useQuery(attentionGroups).data?.reduce((sum, group) => sum + group.count, 0) ?? 0;
}
