// What is in line or being prepared and does not wait for its turn, but for a person.
import { useQuery } from '@tanstack/react-query';
import { createContext, use, useMemo } from 'react';
import type { ConnectionView, TransferView } from '@/ipc';
import { type OpenQuestion, useQuestions } from '@/parts/questions';
import { connections } from '@/queries';

/** What rows can wait for: read once for the place, as a list of many rows asks for each. */
interface Waits {
  places: readonly ConnectionView[];
  questions: readonly OpenQuestion[];
}

const Waits = createContext<Waits>({ places: [], questions: [] });

export const WaitsProvider = Waits.Provider;

export function useWaits(): Waits {
  const places = useQuery(connections).data;
  const questions = useQuestions();
  return useMemo(() => ({ places: places ?? [], questions }), [places, questions]);
}

/** The stopped connection that a transfer in line waits for; `null` where it just waits for its turn. */
export function useStopped(transfer: TransferView): ConnectionView | null {
  const { places } = use(Waits);
  if (transfer.state !== 'queued') return null;
  const { source, destination } = transfer;
  return places.find(({ id, health }) => health === 'stopped' && (id === destination.connection || id === source.connection)) ?? null;
}

/** The question of a server that somebody has to answer before this one can begin: a one-time code. */
export function useAsked(transfer: TransferView): OpenQuestion | null {
  const { questions } = use(Waits);
  if (transfer.state !== 'preparing' && transfer.state !== 'queued') return null;
  const { source, destination } = transfer;
  return questions.find(({ connectionName }) => connectionName === source.connectionName || connectionName === destination.connectionName) ?? null;
}
