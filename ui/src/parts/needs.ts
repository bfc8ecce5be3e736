// What needs a person: one list, of which every count is the length, and the way to where each of it is mended.
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { formatNumber } from '@/domain/measure';
import type { NeedKindView, NeedView } from '@/ipc';
import { locale, m } from '@/messages';
import { needs } from '@/queries';
import { openAttention } from './open-dialog';

/** Which of them a count is of. A thousand files of a run that ask the same are one thing, with one answer. */
type Which = 'all' | 'files';

const OF_FILES: ReadonlySet<NeedKindView> = new Set(['conflict', 'failed']);

/** How many things need somebody; undefined until it is known. */
export function useNeedCount(which: Which = 'all'): number | undefined {
  return useQuery(needs).data?.filter((need) => which === 'all' || OF_FILES.has(need.kind)).length;
}

/** “3 need you”: the same words wherever they are counted. */
export function needWords(count: number): string {
  return m.needs_you_count({ count, n: formatNumber(count, locale()) });
}

/** Of one thing what sets it apart from the others. */
export function needKey(need: NeedView): string {
  return `${need.kind} ${need.connection?.id ?? ''} ${need.run?.id ?? ''}`;
}

/** A question is answered where one stands; everything else has its place. */
export function useGoToNeed(): (need: NeedView) => void {
  const navigate = useNavigate();
  return (need) => {
    if (need.question !== null) return openAttention(need.question, need.kind === 'conflict' && need.count > 1);
    if (need.kind === 'failed') return void navigate({ to: '/transfers', search: { show: 'failed', ...(need.run ? { run: need.run.id } : {}) } });
    void navigate({ to: '/connections', search: need.connection ? { chosen: need.connection.id } : {} });
  };
}
