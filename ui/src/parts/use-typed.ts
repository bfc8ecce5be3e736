import { useEffect, useEffectEvent, useState } from 'react';

/** So long after the last letter what was typed is kept. */
const RESTS_MS = 250;

/**
 * A text that narrows what is shown with each letter, and is kept elsewhere once the typing rests. What changes it there
 * in the meantime, a saved view or a cleared filter, is shown here.
 */
export function useTyped(kept: string, keep: (text: string) => void): [typed: string, type: (text: string) => void] {
  const [typed, setTyped] = useState(kept);
  /** What was last kept, by this or by others; what comes back late is older than what is typed by then. */
  const [last, setLast] = useState(kept);
  const [seen, setSeen] = useState(kept);
  if (kept !== seen) {
    setSeen(kept);
    if (kept !== last) {
      setLast(kept);
      setTyped(kept);
    }
  }
  const onRest = useEffectEvent(() => {
    setLast(typed);
    keep(typed);
  });
  useEffect(() => {
    if (typed === last) return;
    const rests = setTimeout(() => onRest(), RESTS_MS);
    return () => clearTimeout(rests);
  }, [typed, last]);
  return [typed, setTyped];
}
