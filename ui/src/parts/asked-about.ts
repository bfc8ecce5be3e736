// What a group of questions asks: groups are counted without it, and a sign-in that nobody refused has other words.
import { useQuery } from '@tanstack/react-query';
import type { AttentionView } from '@/ipc';
import { attention } from '@/queries';

/** An open question by its id, as far as it is known here: all of those about connections are. */
export function useAskedAbout(): (id: string | null) => AttentionView | undefined {
  const open = useQuery(attention).data ?? [];
  return (id) => open.find((one) => one.id === id);
}
