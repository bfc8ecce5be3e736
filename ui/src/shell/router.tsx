import { createMemoryHistory, createRootRoute, createRoute, createRouter, redirect } from '@tanstack/react-router';
import type { PlaceSearch } from '@/parts/place';
import { aside, places } from './places';
import { Window } from './window';

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** What is kept in the address of a place; everything else is dropped. */
function validateSearch(search: Record<string, unknown>): PlaceSearch {
  const kept = ['show', 'find', 'chosen', 'run', 'at', 'path', 'evidence', 'connection', 'direction', 'time'] as const;
  return Object.fromEntries(kept.flatMap((key) => (text(search[key]) === undefined ? [] : [[key, text(search[key])]])));
}

const root = createRootRoute({ component: Window, validateSearch });

const index = createRoute({
  getParentRoute: () => root,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: places[0].path as '/transfers' });
  },
});

const routes = [...places, ...aside].map((place) =>
  createRoute({ getParentRoute: () => root, path: place.path as '/transfers', component: place.Component }),
);

/** A router of its own history: the window has no address bar, and a test starts where it likes. */
export function newRouter(start: string = places[0].path) {
  return createRouter({
    routeTree: root.addChildren([index, ...routes]),
    history: createMemoryHistory({ initialEntries: [start] }),
  });
}
