// What was copied or cut in Browse, to be pasted into another folder or tab. The clipboard of the operating system holds
// its paths as a text meanwhile, so that files which somebody copies elsewhere afterwards are known to be newer.
import { shownName } from '@/domain/path';
import type { Things } from '@/domain/things';
import type { PastedView, PlaceView } from '@/ipc';
import { Store, useStore } from '@/parts/store';

export interface Held {
  sources: readonly PlaceView[];
  things: Things;
  /** The source goes once its copy is proved. */
  cut: boolean;
}

const held = new Store<Held | null>(null);
/** Whether the operating system's clipboard took the paths, and so had nothing older left on it. */
let announced = false;

/** `name` is the connection's. No line of the text is a path of this computer unless that very file is held. */
export function hold(value: Held | null, name = ''): void {
  held.set(value);
  announced = false;
  if (value === null) return;
  const text = value.sources.map(({ connection, path }) => shownName(connection === null ? path : `${name}:${path}`)).join('\n');
  void navigator.clipboard?.writeText(text).then(
    () => {
      announced = held.get() === value;
    },
    () => {},
  );
}

export function useHeld(): Held | null {
  return useStore(held, (value) => value);
}

/** Whether what is held came later than what lies on the clipboard of the operating system. */
export function isHeldNewer(found: PastedView | null): boolean {
  const value = held.get();
  if (value === null) return false;
  if (found === null || !announced) return true;
  const own = new Set(value.sources.filter((source) => source.connection === null).map((source) => source.path));
  const files = found.paths.some((path) => !own.has(path)) || found.elsewhere > 0;
  // The paths that were held come back as files where they are of this computer, else as a text.
  const picture = found.loose?.name.endsWith('.png') ?? false;
  return !files && !picture;
}
