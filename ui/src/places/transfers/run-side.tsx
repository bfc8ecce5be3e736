import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import { isOpen } from '@/domain/transfer';
import type { RunView } from '@/ipc';
import { KeyValues, type KeyValue } from '@/kit/key-values';
import { ProgressBar } from '@/kit/progress-bar';
import { SidePanel } from '@/kit/split';
import { evidenceWord, locale, m } from '@/messages';
import { type Acts, possibleRunActs } from './acts';
import { runMenuOf } from './menus';
import { HeldUp } from './held-run';
import { runTotals } from './run-line';
import { SideActs } from './side-acts';

/** Everything about a run: its totals, and what can be done with all of it. */
export function RunSide({ run, acts, onClose, onShowOnly }: { run: RunView; acts: Acts; onClose: () => void; onShowOnly: () => void }) {
  const percent = run.bytes > 0 ? Math.min(100, Math.floor((100 * run.bytesDone) / run.bytes)) : 0;
  return (
    <SidePanel
      id="transfer-side"
      label={m.side_run()}
      title={shownName(run.title)}
      subtitle={runTotals(run).join(', ')}
      onClose={onClose}
      closeLabel={m.side_close()}
      actions={
        <SideActs
          acts={possibleRunActs(run)}
          pending={acts.pending}
          onAct={(act) => void acts.runAll(act, run)}
          more={runMenuOf(run, acts, onShowOnly)}
        />
      }
    >
      {isOpen(run) ? <ProgressBar thick percent={percent} label={m.progress_of({ name: shownName(run.title), percent })} /> : null}
      <HeldUp run={run} />
      <KeyValues pairs={facts(run)} />
    </SidePanel>
  );
}

function facts(run: RunView): KeyValue[] {
  const number = (value: number) => formatNumber(value, locale());
  const count = (key: string, label: string, value: number): KeyValue[] => (value > 0 ? [{ key, label, value: number(value) }] : []);
  return [
    { key: 'started', label: m.run_fact_started(), value: formatExact(run.createdAt, locale()) },
    { key: 'from', label: m.run_fact_by(), value: run.byCommand ? m.run_by_command() : m.run_by_window() },
    { key: 'proof', label: m.run_fact_proof(), value: evidenceWord(run.requiredProof) },
    { key: 'files', label: m.run_fact_files(), value: number(run.files) },
    { key: 'bytes', label: m.side_size(), value: formatBytes(run.bytes, locale()), title: number(run.bytes) },
    ...count('matched', m.run_fact_matched(), run.matched),
    ...count('done', m.filter_done(), run.done),
    ...count('running', m.filter_running(), run.running),
    ...count('waiting', m.filter_waiting(), run.waiting),
    ...count('needs-you', m.filter_needs_you(), run.needsYou),
    ...count('failed', m.filter_failed(), run.failed),
  ];
}
