// What the menu of a row or of a run's heading offers: the same acts as the side's buttons and the keys.
import type { RunView, TransferView } from '@/ipc';
import type { MenuPart } from '@/kit/menu';
import { m } from '@/messages';
import { ACTS, type Acts, possibleActs, possibleRunActs, runActLabel } from './acts';
import { openEndLabel, type Side } from './open-end';

interface Ways {
  acts: Acts;
  openEnd: (transfer: TransferView, side: Side) => boolean;
  first: () => void;
  showRun: (run: string) => void;
  canMove: boolean;
}

export function menuOf(chosen: readonly TransferView[], { acts, openEnd, first, showRun, canMove }: Ways): MenuPart[] {
  const [one] = chosen;
  if (!one) return [];
  const possible = possibleActs(chosen).map((act) => ({
    id: act,
    label: ACTS[act].label(),
    shortcut: ACTS[act].key,
    bad: act === 'cancel',
    run: () => void acts.run(act, chosen),
  }));
  const line = canMove ? [{ id: 'first', label: m.act_first(), shortcut: 'T', run: first }] : [];
  const ends: readonly Side[] = ['source', 'destination'];
  return [
    { id: 'acts', acts: [...line, ...possible] },
    ...(chosen.length === 1
      ? [
          {
            id: 'ends',
            acts: ends.map((side) => ({
              id: side,
              label: openEndLabel(one, side),
              shortcut: side === 'destination' ? 'O' : undefined,
              run: () => void openEnd(one, side),
            })),
          },
        ]
      : []),
    { id: 'run', acts: [{ id: 'only', label: m.act_show_run(), run: () => showRun(one.run) }] },
  ].filter((part) => part.acts.length > 0);
}

export function runMenuOf(run: RunView, acts: Acts, showOnly: () => void): MenuPart[] {
  return [
    {
      id: 'acts',
      acts: possibleRunActs(run).map((act) => ({
        id: act,
        label: runActLabel(act),
        shortcut: ACTS[act].key,
        bad: act === 'cancel',
        run: () => void acts.runAll(act, run),
      })),
    },
    { id: 'run', acts: [{ id: 'only', label: m.act_show_run(), run: showOnly }] },
  ].filter((part) => part.acts.length > 0);
}
