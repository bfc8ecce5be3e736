import { keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type ConnectionChangeView, type ConnectionDraftView, type PickView, type TestStepView } from '@/ipc';
import { keys } from './keys';

export const about = queryOptions({ queryKey: keys.about, queryFn: () => desk().about() });

export const connectorSpecs = queryOptions({ queryKey: keys.specs, queryFn: () => desk().connectionSpecs() });

export const connections = queryOptions({ queryKey: keys.connections, queryFn: () => desk().connections() });

export const addConnection = mutationOptions({ mutationFn: (draft: ConnectionDraftView) => desk().addConnection(draft) });

/** A test outside of any query: whoever started it may be gone before it ends. */
export const testConnection = (id: string, tell: (step: TestStepView) => void) => desk().testConnection(id, tell);

/** What it can do by its last test, and its newest runs. */
export const connectionFacts = (id: string) =>
  queryOptions({ queryKey: keys.connectionFacts(id), queryFn: () => desk().connectionFacts(id) });

/** What hangs on it: asked when somebody wants to change or remove it. */
export const connectionUses = (id: string) =>
  queryOptions({ queryKey: keys.connectionUses(id), queryFn: () => desk().connectionUses(id), gcTime: 0 });

export const editConnection = mutationOptions({
  mutationFn: ({ id, change }: { id: string; change: ConnectionChangeView }) => desk().editConnection(id, change),
});

/** What a sample becomes under a field map. Not kept: the sample may be somebody's document. */
export const mapPreview = (kind: string, map: string, sample: string) =>
  queryOptions({ queryKey: keys.mapPreview(kind, map, sample), queryFn: () => desk().previewMap(kind, map, sample), gcTime: 0, placeholderData: keepPreviousData });

/** Takes a pasted address apart. A mutation, because it may hold a password and is not to be kept. */
export const readAddress = mutationOptions({ mutationFn: (text: string) => desk().readAddress(text) });

export const removeConnection = mutationOptions({
  mutationFn: ({ id, callOff }: { id: string; callOff: boolean }) => desk().removeConnection(id, callOff),
});

export const restoreConnection = mutationOptions({ mutationFn: (id: string) => desk().restoreConnection(id) });

/** Opens the encrypted file of secrets; whether the passphrase is right shows with the next secret. */
export const openVault = mutationOptions({ mutationFn: (passphrase: string) => desk().openVault(passphrase) });

/** The operating system's own picker; empty where it was closed. */
export const pickPaths = mutationOptions({ mutationFn: (pick: PickView) => desk().pickPaths(pick) });
