// What is in line for a connection that only a person can mend does not wait for its turn.
import { useQuery } from '@tanstack/react-query';
import type { ConnectionView, TransferView } from '@/ipc';
import { connections } from '@/queries';

/** The stopped connection that a transfer in line waits for; `null` where it just waits for its turn. */
export function useStopped(transfer: TransferView): ConnectionView | null {
  const places = useQuery(connections).data;
  if (transfer.state !== 'queued') return null;
  const { source, destination } = transfer;
  return places?.find(({ id, health }) => health === 'stopped' && (id === destination.connection || id === source.connection)) ?? null;
}
