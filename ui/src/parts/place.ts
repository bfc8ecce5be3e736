// What a place tells the shell about itself. A place is a folder with one of these and a line in shell/places.ts.
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export interface PlaceKey {
  keys: string;
  does: () => string;
}

export interface Place {
  path: `/${string}`;
  title: () => string;
  Icon: LucideIcon;
  Component: () => ReactNode;
  /** What stands at the end of its line in the rail. */
  Count: () => ReactNode;
  /** The keys that act there, for the list under `?`. */
  keys: readonly PlaceKey[];
}

/** What may stand in the address of a place, so that going back finds it again. */
export interface PlaceSearch {
  show?: string;
  find?: string;
  chosen?: string;
}
