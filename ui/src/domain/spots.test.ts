import { expect, it } from 'vitest';
import { type BrowseTabs, closeTab, goBack, goForward, goTo, HERE, newTab, openTab, parentOf, stepsTo } from './spots';

const first = (): BrowseTabs => {
  const tab = newTab({ at: HERE, path: '/home' });
  return { tabs: [tab], active: tab.id };
};

it('going back and forward walks the same way, and the folder one came from is chosen', () => {
  let state = first();
  const id = state.active;
  state = goTo(state, id, { at: HERE, path: '/home/a' });
  state = goTo(state, id, { at: 'c', path: '/' });
  state = goBack(state, id);
  expect(state.tabs[0]).toMatchObject({ here: { at: HERE, path: '/home/a' }, forward: [{ at: 'c', path: '/' }] });
  state = goBack(state, id);
  expect(state.tabs[0]).toMatchObject({ here: { at: HERE, path: '/home' }, back: [], reveal: '/home/a' });
  state = goForward(goForward(state, id), id);
  expect(state.tabs[0]).toMatchObject({ here: { at: 'c', path: '/' }, forward: [] });
  expect(goForward(state, id)).toEqual(state);
});

it('going elsewhere from the middle forgets the way forward', () => {
  let state = first();
  const id = state.active;
  state = goBack(goTo(state, id, { at: HERE, path: '/home/a' }), id);
  state = goTo(state, id, { at: HERE, path: '/home/b' });
  expect(state.tabs[0]?.forward).toEqual([]);
});

it('a tab that is closed hands over to its neighbour, and the last one stays', () => {
  let state = openTab(openTab(first(), { at: 'a', path: '/' }), { at: 'b', path: '/' });
  state = closeTab(state, state.active);
  expect(state.tabs.find((tab) => tab.id === state.active)?.here.at).toBe('a');
  state = closeTab(closeTab(state, state.active), state.active);
  expect(state.tabs).toHaveLength(1);
});

it('takes paths apart as the remote spells them', () => {
  expect(stepsTo('/a/b c')).toEqual([{ path: '/a', name: 'a' }, { path: '/a/b c', name: 'b c' }]);
  expect(stepsTo('/')).toEqual([]);
  expect([parentOf('/a/b'), parentOf('/a'), parentOf('/')]).toEqual(['/a', '/', null]);
});
