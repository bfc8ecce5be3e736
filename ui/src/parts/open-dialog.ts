// Which question lies over the window. There is one at a time; what is waiting stands in the list of Attention.
import { Store, useStore } from './store';

export type OpenDialog =
  | { kind: 'send'; paths: readonly string[]; connection: string | null }
  | { kind: 'attention'; id: string }
  | { kind: 'attention-list' }
  | { kind: 'keys' }
  | { kind: 'palette' }
  | { kind: 'vault' };

const open = new Store<OpenDialog | null>(null);

/** Asks where to. Paths are added to a question that is already open, so that two drops make one sending. */
export function openSend(paths: readonly string[], connection: string | null): void {
  const now = open.get();
  const before = now?.kind === 'send' ? now.paths : [];
  open.set({ kind: 'send', paths: [...new Set([...before, ...paths])], connection });
}

export function openAttention(id: string): void {
  open.set({ kind: 'attention', id });
}

export function openAttentionList(): void {
  open.set({ kind: 'attention-list' });
}

export function openKeys(): void {
  open.set({ kind: 'keys' });
}

export function openPalette(): void {
  open.set({ kind: 'palette' });
}

export function openVaultQuestion(): void {
  open.set({ kind: 'vault' });
}

export function closeDialog(): void {
  open.set(null);
}

export function useOpenDialog(): OpenDialog | null {
  return useStore(open, (value) => value);
}

export function isDialogOpen(): boolean {
  return open.get() !== null;
}
