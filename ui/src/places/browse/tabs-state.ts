// The tabs of Browse: kept while other places are shown, and over a restart.
import { type BrowseTabs, closeTab, goBack, goForward, goTo, HERE, newTab, openTab, type Spot } from '@/domain/spots';
import { Store, useStore } from '@/parts/store';

const KEPT = 'waybill.browse-tabs';
const LAST = 'waybill.browse-last';

function isSpot(value: unknown): value is Spot {
  if (typeof value !== 'object' || value === null) return false;
  const { at, path } = value as Record<string, unknown>;
  return typeof at === 'string' && (typeof path === 'string' || path === null);
}

function read(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

function write(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // A full or forbidden storage costs remembered tabs and nothing else.
  }
}

function fresh(): BrowseTabs {
  const kept = read(KEPT) as { spots?: unknown; active?: unknown } | null;
  const spots = Array.isArray(kept?.spots) ? kept.spots.filter(isSpot).map(({ at, path }) => ({ at, path })) : [];
  const tabs = (spots.length > 0 ? spots : [{ at: HERE, path: null }]).map(newTab);
  const active = tabs[typeof kept?.active === 'number' ? kept.active : 0] ?? tabs[0];
  return { tabs, active: active?.id ?? '' };
}

const state = new Store<BrowseTabs | null>(null);

function now(): BrowseTabs {
  const known = state.get();
  if (known) return known;
  const made = fresh();
  state.set(made);
  return made;
}

function set(next: BrowseTabs): void {
  state.set(next);
  // What was found is asked for anew by whoever wants it: a start asks no remote.
  write(KEPT, { spots: next.tabs.map(({ here: { at, path } }) => ({ at, path })), active: next.tabs.findIndex((tab) => tab.id === next.active) });
  const here = next.tabs.find((tab) => tab.id === next.active)?.here;
  if (here && here.path !== null) write(LAST, { ...lastPaths(), [here.at]: here.path });
}

function lastPaths(): Record<string, unknown> {
  const kept = read(LAST);
  return typeof kept === 'object' && kept !== null ? (kept as Record<string, unknown>) : {};
}

/** Where one was last on a connection. */
export function lastPath(at: string): string | null {
  const path = lastPaths()[at];
  return typeof path === 'string' ? path : null;
}

export function useTabs(): BrowseTabs {
  now();
  return useStore(state, (value) => value ?? now());
}

export const tabs = {
  go: (spot: Spot, reveal?: string | null) => set(goTo(now(), now().active, spot, reveal ?? null)),
  back: () => set(goBack(now(), now().active)),
  forward: () => set(goForward(now(), now().active)),
  open: (spot: Spot) => set(openTab(now(), spot)),
  close: (id: string) => set(closeTab(now(), id)),
  choose: (active: string) => set({ ...now(), active }),
  /** For tests: as after a restart. */
  restart: () => state.set(null),
};
