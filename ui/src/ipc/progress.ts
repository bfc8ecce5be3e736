// The newest progress of each moving transfer. A row listens to its own id only, so that ten batches a
// second draw the rows that move and nothing else.
import { useSyncExternalStore } from 'react';
import type { ProgressBatchView, ProgressView } from './bindings';

export interface Totals {
  bytesPerSecond: number;
  /** Confirmed bytes of what moves now. */
  confirmed: number;
  /** One sample a second, oldest first. */
  history: readonly number[];
}

const SAMPLES = 60;
const NOTHING: Totals = { bytesPerSecond: 0, confirmed: 0, history: [] };

export class ProgressStore {
  #byId = new Map<string, ProgressView>();
  #listeners = new Map<string, Set<() => void>>();
  #totalListeners = new Set<() => void>();
  #totals: Totals = NOTHING;
  #sampledAt = Number.NEGATIVE_INFINITY;
  #toldAt = Number.NEGATIVE_INFINITY;

  /** Takes a batch: it names every transfer that moves now, so what it leaves out has stopped. */
  take(batch: ProgressBatchView, now: number): void {
    const before = this.#byId;
    this.#byId = new Map(batch.moving.map((one) => [one.id, one]));
    for (const id of new Set([...before.keys(), ...this.#byId.keys()]))
      for (const tell of this.#listeners.get(id) ?? []) tell();
    this.#sample(batch, now);
  }

  #sample(batch: ProgressBatchView, now: number): void {
    const { bytesPerSecond } = batch;
    const confirmed = batch.moving.reduce((sum, one) => sum + one.confirmed, 0);
    const due = now - this.#sampledAt >= 1000;
    // What has stopped has no speed. No later batch may come to say so.
    const stopped = bytesPerSecond === 0 && this.#totals.bytesPerSecond > 0;
    // The figures are read by a person: twice a second is enough, and the chart has one point a second.
    if (!due && !stopped && now - this.#toldAt < 500) return;
    this.#toldAt = now;
    if (due) this.#sampledAt = now;
    const history = due ? [...this.#totals.history, bytesPerSecond].slice(-SAMPLES) : this.#totals.history;
    this.#totals = { bytesPerSecond, confirmed, history };
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
