// Every way to send that is no dialog of its own goes through here: where the folder lacks something, somebody is asked first.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { formatNumber } from '@/domain/measure';
import type { FilledFormDraft, PlaceView } from '@/ipc';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { connections } from '@/queries';
import { openMetadata } from '../open-dialog';
import { expectedAt, knownToCarry } from './expected';

/** Whoever waits longer than this is told for what. */
const SAID_MS = 1000;

export interface Gate {
  /** Runs `go` with what the files get: at once where no forms are, else when the folder was asked, and a person where it lacks something. */
  through: (to: PlaceView, files: number, go: (forms: FilledFormDraft[]) => void) => void;
  /** Whether something is on its way through: a second press finds the first one at work. */
  asking: () => boolean;
}

export function useGate(): Gate {
  const client = useQueryClient();
  const waiting = useRef(0);
  return {
    asking: () => waiting.current > 0,
    through: (to, files, go) => {
      if (knownToCarry(client, to.connection) === false) return go([]);
      waiting.current += 1;
      void metadataFor(client, to, files).then((forms) => {
        waiting.current -= 1;
        if (forms !== null) go(forms);
      });
    },
  };
}

/** What files get that are put into a folder; `null` where they are not to be sent, which is said. */
async function metadataFor(client: QueryClient, to: PlaceView, files: number): Promise<FilledFormDraft[] | null> {
  const n = formatNumber(files, locale());
  let takeAway = () => {};
  const slow = setTimeout(() => {
    const place = client.getQueryData(connections.queryKey)?.find((one) => one.id === to.connection)?.name ?? '';
    takeAway = toast({ text: m.metadata_asking({ place }) });
  }, SAID_MS);
  const expected = await expectedAt(client, to);
  clearTimeout(slow);
  takeAway();
  if (!expected.some(({ lacks }) => lacks)) return [];
  const forms = await new Promise<FilledFormDraft[] | null>((answer) => openMetadata({ to, files, expected, answer }));
  if (forms === null) toast({ text: m.metadata_nothing_sent({ count: files, n }) });
  return forms;
}
