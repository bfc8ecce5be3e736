// The time of day for what is drawn. All who want the same pace share one timer, which rests while nobody looks.
import { useSyncExternalStore } from 'react';

class Ticker {
  #now = Date.now();
  #listeners = new Set<() => void>();
  #timer: ReturnType<typeof setInterval> | undefined;
  readonly #every: number;

  constructor(every: number) {
    this.#every = every;
  }

  now = (): number => this.#now;

  subscribe = (tell: () => void): (() => void) => {
    this.#listeners.add(tell);
    if (this.#timer === undefined) {
      // Only the first who looks again sets the time: for whoever comes later it is right, and to change it would draw all anew.
      this.#now = Date.now();
      this.#timer = setInterval(() => this.#tick(), this.#every);
    }
    return () => {
      this.#listeners.delete(tell);
      if (this.#listeners.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    };
  };

  #tick(): void {
    this.#now = Date.now();
    for (const tell of this.#listeners) tell();
  }
}

const second = new Ticker(1000);
const minute = new Ticker(60_000);

/** The time of day, renewed every second or minute. */
export function useNow(pace: 'second' | 'minute'): number {
  const ticker = pace === 'second' ? second : minute;
  return useSyncExternalStore(ticker.subscribe, ticker.now);
}
