// How a command is called and a push is heard.
import type { IpcError } from '../bindings';
import { IpcFailure, toIpcError } from '../failure';
import type { Unsubscribe } from '../port';

type Answer<T> = { status: 'ok'; data: T } | { status: 'error'; error: IpcError };

/** Turns the answer of a command into a promise that fails with an `IpcFailure` and nothing else. */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await call;
  } catch (reason) {
    throw new IpcFailure(toIpcError(reason));
  }
  // A refusal of Tauri itself, such as a badly typed argument, arrives as a bare text.
  if (answer.status === 'error')
    throw new IpcFailure(typeof answer.error === 'object' ? answer.error : toIpcError(answer.error));
  return answer.data;
}

/** A subscription whose start is a promise may be ended before it began. */
export function later(starting: Promise<() => void>): Unsubscribe {
  let ended = false;
  void starting.then((end) => (ended ? end() : undefined));
  return () => {
    ended = true;
    void starting.then((end) => end());
  };
}
