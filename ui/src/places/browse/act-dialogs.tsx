import type { AbilitiesView, PlaceView } from '@/ipc';
import { FillDialog } from './entry-side';
import { CopyDialog } from './copy-dialog';
import { NewFolderDialog } from './new-folder-dialog';
import { RemoveDialog } from './remove-dialog';
import type { Acts } from './use-acts';

/** The one question that an act of the place asks. */
export function ActDialogs({ acts, place, name, abilities }: { acts: Acts; place: PlaceView; name: string; abilities: AbilitiesView | undefined }) {
  const { asking } = acts;
  const close = () => acts.ask(null);
  switch (asking?.kind) {
    case undefined:
      return null;
    case 'new-folder':
      return <NewFolderDialog acts={acts} name={name} onClose={close} />;
    case 'remove':
      return <RemoveDialog entries={asking.entries} place={place} name={name} abilities={abilities} onOver={acts.reload} onClose={close} />;
    case 'fill':
      return <FillDialog place={place} entries={asking.entries} name={name} onFilled={acts.reload} onClose={close} />;
    case 'copy':
      return <CopyDialog sources={asking.sources} to={asking.to} move={asking.move} begin={place} acts={acts} onClose={close} />;
  }
}
