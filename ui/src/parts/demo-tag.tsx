// The demo beside one's own: what belongs to it says so. In a home that is a demo as a whole nothing has to.
import { useQuery } from '@tanstack/react-query';
import { Tag } from '@/kit/tag';
import { m } from '@/messages';
import { connections, demoState } from '@/queries';

/** The connections of the demo, where others stand beside them; else none. */
export function useDemoBeside(): ReadonlySet<string> {
  const demo = useQuery(demoState).data?.connections ?? [];
  const places = useQuery(connections).data ?? [];
  return new Set(places.some((one) => !demo.includes(one.id)) ? demo : []);
}

export function DemoTag() {
  return <Tag tone="plain">{m.demo_tag()}</Tag>;
}
