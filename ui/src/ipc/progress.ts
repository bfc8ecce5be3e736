// The newest progress of each moving transfer. A row listens to its own id only, so that ten batches a
// second draw the rows that move and nothing else.
import { useSyncExternalStore } from 'react';
import type { ProgressView } from './bindings';

export interface Totals {
  bytesPerSecond: number;
  /** One sample a second, oldest first. */
  history: readonly number[];
}

const SAMPLES = 60;
const NOTHING: Totals = { bytesPerSecond: 0, history: [] };

export class ProgressStore {
  #byId = new Map<string, ProgressView>();
  #listeners = new Map<string, Set<() => void>>();
  #totalListeners = new Set<() => void>();
  #totals: Totals = NOTHING;
  #sampledAt = 0;

  /** Takes a batch: it names every transfer that moves now, so what it leaves out has stopped. */
  take(batch: readonly ProgressView[], now: number): void {
    const before = this.#byId;
    this.#byId = new Map(batch.map((one) => [one.id, one]));
    for (const id of new Set([...before.keys(), ...this.#byId.keys()]))
      for (const tell of this.#listeners.get(id) ?? []) tell();
    this.#sample(batch, now);
  }

  #sample(batch: readonly ProgressView[], now: number): void {
    const bytesPerSecond = batch.reduce((sum, one) => sum + one.bytesPerSecond, 0);
    const due = now - this.#sampledAt >= 1000;
    if (!due && bytesPerSecond === this.#totals.bytesPerSecond) return;
    if (due) this.#sampledAt = now;
    const history = due ? [...this.#totals.history, bytesPerSecond].slice(-SAMPLES) : this.#totals.history;
    this.#totals = { bytesPerSecond, history };
    for (const tell of this.#totalListeners) tell();
  }

  get = (id: string): ProgressView | undefined => this.#byId.get(id);
  totals = (): Totals => this.#totals;

  subscribe(id: string, tell: () => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    listeners.add(tell);
    this.#listeners.set(id, listeners);
    return () => {
      listeners.delete(tell);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  subscribeTotals = (tell: () => void): (() => void) => {
    this.#totalListeners.add(tell);
    return () => this.#totalListeners.delete(tell);
  };
}

export const progressStore = new ProgressStore();

/** What is known of one moving transfer; `undefined` while it does not move. */
export function useProgress(id: string): ProgressView | undefined {
  return useSyncExternalStore(
    (tell) => progressStore.subscribe(id, tell),
    () => progressStore.get(id),
  );
}

export function useTotals(): Totals {
  return useSyncExternalStore(progressStore.subscribeTotals, progressStore.totals);
}
