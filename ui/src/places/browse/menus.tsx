// What can be done with what is chosen, as the context menu and the button beside the path show it.
import type { MenuAct, MenuPart } from '@/kit/menu';
import type { Acts } from './use-acts';

/** The acts of the place, by what they belong to. What cannot be done now says why. */
export function menuOf(acts: Acts): readonly MenuPart[] {
  return acts.parts.flatMap((part) => {
    const shown: readonly MenuAct[] = part.acts.filter((act) => act.shown !== false);
    return shown.length > 0 ? [{ id: part.id, acts: shown }] : [];
  });
}
