// Every way to send that is no dialog of its own goes through here: where the folder lacks something, somebody is asked first.
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { measuredThings, type Things, unknownThings } from '@/domain/things';
import type { FilledFormDraft, PlaceView } from '@/ipc';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { connections, measured } from '@/queries';
import { openMetadata } from '../open-dialog';
import { expectedAt, knownToCarry } from './expected';
import { nothingSent } from './words';

/** Whoever waits longer than this is told for what. */
const SAID_MS = 1000;
/** Nobody waits longer than this for a word that is only the better one. */
const COUNTED_MS = 500;

/** What is sent, or paths of this computer that nobody has looked at. */
export type Sent = Things | readonly string[];

export interface Gate {
  /** Runs `go` with what the files get: at once where no forms are, else when the folder was asked, and a person where it lacks something. */
  through: (to: PlaceView, sent: Sent, go: (forms: FilledFormDraft[]) => void) => void;
  /** Whether something is on its way through: a second press finds the first one at work. */
  asking: () => boolean;
}

export function useGate(): Gate {
  const client = useQueryClient();
  const waiting = useRef(0);
  return {
    asking: () => waiting.current > 0,
    through: (to, sent, go) => {
      if (knownToCarry(client, to.connection) === false) return go([]);
      waiting.current += 1;
      void metadataFor(client, to, sent).then((forms) => {
        waiting.current -= 1;
        if (forms !== null) go(forms);
      });
    },
  };
}

/** What files get that are put into a folder; `null` where they are not to be sent, which is said. */
async function metadataFor(client: QueryClient, to: PlaceView, sent: Sent): Promise<FilledFormDraft[] | null> {
  let takeAway = () => {};
  const slow = setTimeout(() => {
    const place = client.getQueryData(connections.queryKey)?.find((one) => one.id === to.connection)?.name ?? '';
    takeAway = toast({ text: m.metadata_asking({ place }) });
  }, SAID_MS);
  const counting = thingsIn(client, sent);
  const expected = await expectedAt(client, to);
  clearTimeout(slow);
  takeAway();
  if (!expected.some(({ lacks }) => lacks)) return [];
  const things = await counting();
  const forms = await new Promise<FilledFormDraft[] | null>((answer) => openMetadata({ to, things, expected, answer }));
  if (forms === null) toast({ text: nothingSent(things) });
  return forms;
}

/** Begins to look which paths are folders; who asks then does not wait for long. */
function thingsIn(client: QueryClient, sent: Sent): () => Promise<Things> {
  if ('files' in sent) return async () => sent;
  const unknown = unknownThings(sent.length);
  const looking = client.fetchQuery(measured(sent)).then(measuredThings, () => unknown);
  return () => Promise.race([looking, new Promise<Things>((resolve) => setTimeout(() => resolve(unknown), COUNTED_MS))]);
}
