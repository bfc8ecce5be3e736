import { useEffect, useEffectEvent } from 'react';
import { isDialogOpen } from './open-dialog';

/** Whether a key belongs to a text that is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}

/**
 * Runs on a key anywhere in the window, unless a text is being typed or a dialog lies open. A chord with Ctrl or Cmd
 * acts while typing too.
 */
export function useHotkey(key: string, run: () => void, { chord = false }: { chord?: boolean } = {}): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const pressed = event.ctrlKey || event.metaKey;
    if (event.defaultPrevented || event.altKey || pressed !== chord || event.key.toLowerCase() !== key) return;
    if (isDialogOpen() || (!chord && isTyping(event.target))) return;
    event.preventDefault();
    run();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
