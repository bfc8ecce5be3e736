// What a place tells the shell about itself. A place is a folder with one of these and a line in shell/places.ts.
import type { QueryClient } from '@tanstack/react-query';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Locale } from '@/messages';

export interface PlaceKey {
  keys: string;
  does: () => string;
}

export interface Place {
  path: `/${string}`;
  /** The message itself: a place is found by its name in every language. */
  title: (inputs?: Record<string, never>, options?: { locale?: Locale }) => string;
  Icon: LucideIcon;
  Component: () => ReactNode;
  /** What stands at the end of its line in the rail. */
  Count: () => ReactNode;
  /** Reads what it begins with, before somebody goes there. */
  ahead?: (client: QueryClient) => void;
  /** Keys that a list of the place has of its own, for `?`. What `useCommands` offers is listed by itself. */
  keys: readonly PlaceKey[];
}

/** What may stand in the address of a place, so that going back finds it again. */
export interface PlaceSearch {
  show?: string;
  find?: string;
  chosen?: string;
  run?: string;
  /** Where Browse looks: a connection's id, or `this-computer`, and a path there. */
  at?: string;
  evidence?: string;
  connection?: string;
  direction?: string;
  time?: string;
  path?: string;
}
