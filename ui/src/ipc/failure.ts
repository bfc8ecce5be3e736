import type { IpcError } from './bindings';

/** A refused call, with the closed error value that crossed from Rust. */
export class IpcFailure extends Error {
  readonly error: IpcError;

  constructor(error: IpcError) {
    super(error.code);
    this.name = 'IpcFailure';
    this.error = error;
  }
}

/** Reads whatever a promise was rejected with; what is not ours becomes `internal`, with its text kept. */
export function toIpcError(reason: unknown): IpcError {
  if (reason instanceof IpcFailure) return reason.error;
  const message = reason instanceof Error ? reason.message : String(reason);
  return { code: 'internal', message };
}
