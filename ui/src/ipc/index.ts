// The one door to the desk. Everybody else takes types, the client and the pushes from here.
import type { Ipc } from './port';

export type * from './bindings';
export type { DragEvent, Ipc, Unsubscribe } from './port';
export { IpcFailure, toIpcError } from './failure';
export { progressStore, useProgress, useTotals, type Totals } from './progress';

let client: Ipc | undefined;

/** Chooses who answers, once, before anything is drawn. */
export function answerWith(ipc: Ipc): void {
  client = ipc;
}

/** The desk. */
export function desk(): Ipc {
  if (!client) throw new Error('nobody was chosen to answer: call answerWith() first');
  return client;
}
