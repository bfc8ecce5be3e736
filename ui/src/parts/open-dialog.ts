// Which question lies over the window. There is one at a time; what is waiting stands in Attention.
import type { Things } from '@/domain/things';
import type { ExpectedFormView, FilledFormDraft, LooseView, PlaceView } from '@/ipc';
import { Store, useStore } from './store';

export type OpenDialog =
  | { kind: 'send'; paths: readonly string[]; loose: readonly LooseView[]; connection: string | null; folder: string | null }
  | { kind: 'attention'; id: string; forAll: boolean }
  | { kind: 'keys' }
  | { kind: 'palette' }
  | { kind: 'vault' }
  | { kind: 'exchanges'; connection: string | null };

const open = new Store<OpenDialog | null>(null);

/**
 * Asks where to; `folder` is proposed on the connection. Paths are added to a question that is already open, so that two
 * drops make one sending.
 */
export function openSend(paths: readonly string[], connection: string | null, loose: readonly LooseView[] = [], folder: string | null = null): void {
  const now = open.get();
  const before = now?.kind === 'send' ? now : { paths: [], loose: [], connection: null, folder: null };
  open.set({
    kind: 'send',
    paths: [...new Set([...before.paths, ...paths])],
    loose: [...before.loose, ...loose],
    connection: connection ?? before.connection,
    folder: connection === null ? before.folder : folder,
  });
}

/** `forAll` proposes the same answer for everything of its run that asks the same. */
export function openAttention(id: string, forAll = false): void {
  open.set({ kind: 'attention', id, forAll });
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

/** What was said with web services; `connection` is the name of the one that it is about. */
export function openExchanges(connection: string | null): void {
  open.set({ kind: 'exchanges', connection });
}

export function closeDialog(): void {
  open.set(null);
}

/**
 * Something that is filled in step by step. It lies below a question: one that comes up on the way, such as a passphrase
 * or a host key, is answered and the form is as it was.
 */
export type OpenTask =
  | { kind: 'add-connection' }
  | { kind: 'edit-connection'; id: string }
  | { kind: 'duplicate-connection'; id: string }
  | { kind: 'rename-connection'; id: string }
  | { kind: 'remove-connections'; ids: readonly string[] }
  | { kind: 'import' };

const task = new Store<OpenTask | null>(null);

export function openTask(wanted: OpenTask): void {
  task.set(wanted);
}

/** The form of a new connection. */
export function openAddConnection(): void {
  task.set({ kind: 'add-connection' });
}

/** What other tools on this computer have, to be taken over. */
export function openImport(): void {
  task.set({ kind: 'import' });
}

export function closeTask(): void {
  task.set(null);
}

/** Files that wait for what their folder requires of them. Like a task it lies below a question that comes up on the way. */
export interface OpenMetadata {
  to: PlaceView;
  things: Things;
  expected: readonly ExpectedFormView[];
  /** Hears what the files get; `null` where nothing is to be sent. */
  answer: (forms: FilledFormDraft[] | null) => void;
}

const metadata = new Store<readonly OpenMetadata[]>([]);

/** One after the other: what was dropped meanwhile waits for its turn. */
export function openMetadata(wanted: OpenMetadata): void {
  metadata.set([...metadata.get(), wanted]);
}

/** Answers the one that lies open, and shows the next. */
export function answerMetadata(forms: FilledFormDraft[] | null): void {
  const [first, ...rest] = metadata.get();
  metadata.set(rest);
  first?.answer(forms);
}

export function useOpenMetadata(): OpenMetadata | null {
  return useStore(metadata, ([first]) => first ?? null);
}

export function useOpenTask(): OpenTask | null {
  return useStore(task, (value) => value);
}

export function useOpenDialog(): OpenDialog | null {
  return useStore(open, (value) => value);
}

export function isDialogOpen(): boolean {
  return open.get() !== null || task.get() !== null || metadata.get().length > 0;
}
