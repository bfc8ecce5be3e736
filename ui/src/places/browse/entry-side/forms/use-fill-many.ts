import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { type EntryView, type FilledFormDraft, toIpcError } from '@/ipc';
import { describeError } from '@/messages';
import { fillForm, keys } from '@/queries';

export interface Filling {
  all: number;
  filled: number;
  failed: readonly { entry: EntryView; why: string }[];
  running: boolean;
}

/** Fills one form for several entries, one after the other. One that fails does not stop the others. */
export function useFillMany(connection: string | null) {
  const client = useQueryClient();
  const { mutateAsync } = useMutation(fillForm);
  const [state, setState] = useState<Filling | null>(null);
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    return () => {
      stopped.current = true;
    };
  }, []);
  return {
    state,
    stop: () => {
      stopped.current = true;
    },
    /** Answers how many failed; `null` where it was stopped. */
    start: async (form: FilledFormDraft, entries: readonly EntryView[]): Promise<number | null> => {
      const failed: { entry: EntryView; why: string }[] = [];
      let filled = 0;
      const tell = (running: boolean) => setState({ all: entries.length, filled, failed: [...failed], running });
      tell(true);
      for (const entry of entries) {
        if (stopped.current) return null;
        const place = { connection, path: entry.path };
        try {
          // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is about
          await mutateAsync({ place, form });
          filled += 1;
        } catch (reason) {
          const { body, detail } = describeError(toIpcError(reason), entry.name);
          failed.push({ entry, why: detail ?? body });
        }
        void client.invalidateQueries({ queryKey: keys.entryForms(place) });
        if (!stopped.current) tell(true);
      }
      if (stopped.current) return null;
      tell(false);
      return failed.length;
    },
  };
}
