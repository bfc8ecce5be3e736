// Where Browse looks, its tabs and their ways back. Pure: what is kept of it is for the place to say.

export const HERE = 'this-computer';

/** What was looked for on a remote. */
export interface Sought {
  text: string;
  /** At or below this folder; `null` is anywhere. */
  within: string | null;
  filters: readonly { key: string; value: string }[];
}

/** A folder of a connection or of this computer, or what was found from there. */
export interface Spot {
  /** A connection's id, or `HERE`. */
  at: string;
  /** `null` is where one begins there: the user's own folder, or the top. */
  path: string | null;
  /** With it what the remote's own search finds is shown in place of the folder. */
  sought?: Sought;
}

export interface BrowseTab {
  id: string;
  here: Spot;
  back: readonly Spot[];
  forward: readonly Spot[];
  /** The entry that is to be chosen as soon as it is seen: where one came from. */
  reveal: string | null;
}

export interface BrowseTabs {
  tabs: readonly BrowseTab[];
  active: string;
}

/** So many ways back are kept. */
const BACK = 50;

export function sameSpot(a: Spot, b: Spot): boolean {
  return a.at === b.at && a.path === b.path && JSON.stringify(a.sought) === JSON.stringify(b.sought);
}

export function parentOf(path: string): string | null {
  if (path === '/') return null;
  const end = path.lastIndexOf('/');
  return end <= 0 ? '/' : path.slice(0, end);
}

/** Each folder from the top to this one. */
export function stepsTo(path: string): { path: string; name: string }[] {
  const names = path === '/' ? [] : path.slice(1).split('/');
  return names.map((name, at) => ({ name, path: `/${names.slice(0, at + 1).join('/')}` }));
}

export function joined(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

let fresh = 0;

export function newTab(here: Spot): BrowseTab {
  fresh += 1;
  return { id: `tab-${fresh}`, here, back: [], forward: [], reveal: null };
}

function change(state: BrowseTabs, id: string, make: (tab: BrowseTab) => BrowseTab): BrowseTabs {
  return { ...state, tabs: state.tabs.map((tab) => (tab.id === id ? make(tab) : tab)) };
}

export function goTo(state: BrowseTabs, id: string, spot: Spot, reveal: string | null = null): BrowseTabs {
  return change(state, id, (tab) =>
    sameSpot(tab.here, spot) ? { ...tab, reveal } : { ...tab, here: spot, back: [...tab.back.slice(-BACK), tab.here], forward: [], reveal },
  );
}

export function goBack(state: BrowseTabs, id: string): BrowseTabs {
  return change(state, id, (tab) => {
    const to = tab.back.at(-1);
    return to === undefined ? tab : { ...tab, here: to, back: tab.back.slice(0, -1), forward: [tab.here, ...tab.forward], reveal: tab.here.path };
  });
}

export function goForward(state: BrowseTabs, id: string): BrowseTabs {
  return change(state, id, (tab) => {
    const [to, ...rest] = tab.forward;
    return to === undefined ? tab : { ...tab, here: to, back: [...tab.back, tab.here], forward: rest, reveal: null };
  });
}

export function openTab(state: BrowseTabs, spot: Spot): BrowseTabs {
  const tab = newTab(spot);
  const at = state.tabs.findIndex((one) => one.id === state.active);
  return { tabs: [...state.tabs.slice(0, at + 1), tab, ...state.tabs.slice(at + 1)], active: tab.id };
}

/** The last tab stays. */
export function closeTab(state: BrowseTabs, id: string): BrowseTabs {
  if (state.tabs.length < 2) return state;
  const at = state.tabs.findIndex((tab) => tab.id === id);
  const tabs = state.tabs.filter((tab) => tab.id !== id);
  const next = tabs[Math.min(at, tabs.length - 1)];
  return { tabs, active: state.active === id && next ? next.id : state.active };
}
