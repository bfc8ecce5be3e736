// What the menu of a row or of a run's heading offers: the same acts as the side's buttons and the keys.
import type { RunView, TransferView } from '@/ipc';
import type { MenuPart } from '@/kit/menu';
import { hasPlace } from '@/domain/transfer';
import { m } from '@/messages';
import { ACTS, type Acts, possibleActs, possibleRunActs, runActLabel } from './acts';
import { openEndLabel, type Side } from './open-end';

interface Ways {
  acts: Acts;
  openEnd: (transfer: TransferView, side: Side) => boolean;
  /** The run of the first of them, as far as it is known. */
  run: RunView | undefined;
  showRun: (run: string) => void;
}

export function menuOf(chosen: readonly TransferView[], { acts, openEnd, run, showRun }: Ways): MenuPart[] {
  const [one] = chosen;
  if (!one) return [];
  const possible = possibleActs(chosen).map((act) => ({
    id: act,
    label: ACTS[act].label(),
    shortcut: ACTS[act].key,
    bad: act === 'cancel',
    run: () => void acts.run(act, chosen),
  }));
  const line = chosen.some(hasPlace) ? [{ id: 'first', label: m.act_first(), shortcut: 'T', run: () => void acts.first(chosen) }] : [];
  const wholeRun =
    run && possibleRunActs(run).includes('cancel') && (run.counting || run.files > chosen.length)
      ? [{ id: 'cancel-run', label: m.act_cancel_run(), shortcut: 'Shift Del', bad: true, run: () => void acts.runAll('cancel', run) }]
      : [];
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
    { id: 'run', acts: [{ id: 'only', label: m.act_show_run(), run: () => showRun(one.run) }, ...wholeRun] },
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
