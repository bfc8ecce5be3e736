import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ArrowRight, Check, Trash2 } from 'lucide-react';
import { type KeyboardEvent, useDeferredValue, useEffect, useState } from 'react';
import { formatBytes, formatNumber } from '@/domain/measure';
import { formatExact } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { PlanFilterView, PlanRowView, PlanView, RunAsShownView, StandingView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Chips } from '@/kit/chips';
import { cx } from '@/kit/class-names';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { DataGrid, type GridColumn } from '@/kit/data-grid';
import { Dialog } from '@/kit/dialog';
import { SearchField } from '@/kit/search-field';
import { Tag } from '@/kit/tag';
import { describeFailure, locale, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { plan as planQuery, planRows, runPlan, stopPlan, tickAllOfPlan, tickPlan } from '@/queries';
import { PathCell } from './path-cell';
import { STANDING_ORDER, standingTone, standingWord, whyWords } from './plan-words';
import styles from './tools.module.css';

const n = (value: number): string => formatNumber(value, locale());
const bytes = (value: number): string => formatBytes(value, locale());

/** The plan as it fills, what is ticked in it, and running it exactly as it is shown. */
export function Plan({ id, source, target, title, onAgain, onClose }: { id: string; source: string; target: string; title: string; onAgain: () => void; onClose: () => void }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const looked = useQuery(planQuery(id));
  const [show, setShow] = useState<StandingView | 'all'>('all');
  const [find, setFind] = useState('');
  const text = useDeferredValue(find);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [asking, setAsking] = useState(false);
  const [ran, setRan] = useState<RunAsShownView | null>(null);
  const filter: PlanFilterView = { standing: show === 'all' ? null : show, text: text || null };
  const listed = useInfiniteQuery(planRows(id, filter));
  const rows = (listed.data?.pages ?? []).flatMap((page) => page.rows);
  const plan = looked.data;
  const found = plan ? plan.new.rows + plan.different.rows + plan.same.rows + plan.onlyThere.rows + plan.cannotTell.rows : 0;
  // While it is made the last page grows.
  useEffect(() => {
    if (found > 0) void client.invalidateQueries({ queryKey: ['plan', id, 'rows'] });
  }, [client, id, found]);
  const refresh = () => client.invalidateQueries({ queryKey: ['plan', id] });
  const failed = (reason: unknown) => tellError(reason, m.tools_compare_title());
  const ticking = useMutation({ ...tickPlan, onSettled: refresh, onError: failed });
  const tickingAll = useMutation({ ...tickAllOfPlan, onSettled: refresh, onError: failed });
  const stopping = useMutation({ ...stopPlan, onSettled: refresh });
  const running = useMutation({ ...runPlan, onSettled: refresh });
  const state = plan?.state.state;
  const open = state === 'made' || state === 'making';
  const ready = state === 'made' && plan !== undefined && plan.toSend.rows + plan.toRemove.rows > 0;

  const toggle = (row: PlanRowView) => {
    if (!row.canBeTicked || !open) return;
    const group = chosen.has(String(row.number)) ? rows.filter((one) => chosen.has(String(one.number))) : [row];
    ticking.mutate({ id, rows: group.map((one) => one.number), on: !row.ticked });
  };
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== ' ' && event.key !== 'Enter') return false;
    const row = rows.find((one) => chosen.has(String(one.number)));
    if (row) toggle(row);
    return row !== undefined;
  };
  function run() {
    setAsking(false);
    running.mutate({ id, title }, { onSuccess: setRan });
  }

  return (
    <>
      <Dialog
        wide="list"
        title={m.plan_title()}
        onClose={onClose}
        closeLabel={m.close()}
        actions={
          ran ? (
            <>
              <Button onPress={onClose}>{m.close()}</Button>
              {ran.run ? (
                <Button tone="go" onPress={() => void navigate({ to: '/transfers' })}>
                  {m.plan_see_run()}
                </Button>
              ) : null}
            </>
          ) : (
            <>
              <span className={styles.state}>{plan ? ticked(plan) : ''}</span>
              {state === 'making' ? (
                <Button onPress={() => stopping.mutate(id)}>{m.plan_stop()}</Button>
              ) : (
                <Button onPress={onAgain}>{m.plan_again()}</Button>
              )}
              <Button tone="go" isDisabled={!ready || running.isPending} onPress={() => (plan && plan.toRemove.rows > 0 ? setAsking(true) : run())}>
                {m.plan_run()}
              </Button>
            </>
          )
        }
      >
        <div className={styles.head}>
          <p className={styles.fromTo}>
            <bdi>{source}</bdi>
            <ArrowRight aria-label={m.plan_to()} size={14} />
            <bdi>{target}</bdi>
          </p>
          {plan ? <PlanState plan={plan} source={source} target={target} /> : null}
        </div>
        {looked.isError ? <ErrorNotice reason={looked.error} about={m.tools_compare_title()} /> : null}
        {running.isError ? <ErrorNotice reason={running.error} about={m.tools_compare_title()} /> : null}
        {ran ? <Ran ran={ran} target={target} /> : null}
        {ran ? null : (
          <>
            <div className={styles.toolbar}>
              <Chips
                label={m.plan_show()}
                chips={[{ id: 'all' as const, label: m.filter_all() }, ...STANDING_ORDER.map((id_) => ({ id: id_, label: standingWord(id_), count: plan ? n(countOf(plan, id_)) : undefined }))]}
                chosen={show}
                onChoose={setShow}
              />
              <span className={styles.push} />
              <SearchField label={m.plan_find()} value={find} onChange={setFind} />
              <Button isDisabled={!open} onPress={() => tickingAll.mutate({ id, filter, on: true })}>
                {m.plan_tick_shown()}
              </Button>
              <Button isDisabled={!open} onPress={() => tickingAll.mutate({ id, filter, on: false })}>
                {m.plan_untick_shown()}
              </Button>
            </div>
            <div className={styles.grid}>
              <DataGrid
                label={m.plan_title()}
                columns={columns(toggle)}
                lines={rows.map((item) => ({ kind: 'row', key: String(item.number), item }))}
                textOf={(row) => row.path}
                selected={chosen}
                onSelect={setChosen}
                onOpen={(key) => {
                  const row = rows.find((one) => String(one.number) === key);
                  if (row) toggle(row);
                }}
                onKey={onKey}
                onEnd={() => {
                  if (listed.hasNextPage && !listed.isFetchingNextPage) void listed.fetchNextPage();
                }}
              />
            </div>
            <p className={cx(styles.quiet, styles.hint)}>{m.plan_keys()}</p>
          </>
        )}
      </Dialog>
      {asking && plan ? (
        <ConfirmDialog
          title={m.plan_remove_title({ count: plan.toRemove.rows, n: n(plan.toRemove.rows) })}
          confirmLabel={m.plan_remove_confirm()}
          cancelLabel={m.cancel()}
          onConfirm={run}
          onClose={() => setAsking(false)}
        >
          <p>{m.plan_remove_body({ place: target, size: bytes(plan.toRemove.bytes) })}</p>
        </ConfirmDialog>
      ) : null}
    </>
  );
}

function countOf(plan: PlanView, standing: StandingView): number {
  const counted = { new: plan.new, different: plan.different, same: plan.same, 'only-there': plan.onlyThere, 'cannot-tell': plan.cannotTell };
  return counted[standing].rows;
}

function ticked(plan: PlanView): string {
  const send = m.plan_to_send({ count: plan.toSend.rows, n: n(plan.toSend.rows), size: bytes(plan.toSend.bytes) });
  return plan.toRemove.rows > 0 ? `${send}, ${m.plan_to_remove({ count: plan.toRemove.rows, n: n(plan.toRemove.rows) })}` : `${send}, ${m.plan_none_removed()}`;
}

function PlanState({ plan, source, target }: { plan: PlanView; source: string; target: string }) {
  const { state } = plan;
  if (state.state === 'making')
    return (
      <p className={styles.state} role="status">
        {m.plan_making({ folders: n(plan.folders), read: bytes(plan.bytesRead) })}
      </p>
    );
  if (state.state === 'made')
    return (
      <p className={styles.state} role="status">
        {m.plan_made({ folders: n(plan.folders), read: bytes(plan.bytesRead) })}
      </p>
    );
  if (state.state === 'run') return null;
  if (state.state === 'failed') {
    const text = describeFailure(state.failure, { name: source, source, destination: target });
    return (
      <Callout tone="bad" title={text.title} live>
        <p>{m.plan_incomplete()}</p>
        <p>{text.detail}</p>
      </Callout>
    );
  }
  return (
    <Callout tone="warn" title={state.state === 'stopped' ? m.plan_stopped_title() : m.plan_too_many_title()} live>
      <p>{m.plan_incomplete()}</p>
    </Callout>
  );
}

function Ran({ ran, target }: { ran: RunAsShownView; target: string }) {
  const left = ran.removed.filter((one) => one.failure !== null);
  const gone = ran.removed.length - left.length;
  return (
    <>
      <Callout tone="ok" title={ran.run ? m.plan_ran_title() : m.plan_removed_title()} live>
        <p>{m.plan_ran_body()}</p>
        {gone > 0 ? <p>{m.plan_removed({ count: gone, n: n(gone), place: target })}</p> : null}
      </Callout>
      {left.length > 0 ? (
        <Callout tone="warn" title={m.plan_left_title({ count: left.length, n: n(left.length) })}>
          <ul>
            {left.slice(0, 50).map((one) => (
              <li key={one.path} data-text>
                {shownName(one.path)}: {one.failure?.message}
              </li>
            ))}
          </ul>
        </Callout>
      ) : null}
    </>
  );
}

function columns(toggle: (row: PlanRowView) => void): GridColumn<PlanRowView>[] {
  const side = (seen: PlanRowView['source']) =>
    seen === null ? '' : <span title={seen.modified === null ? '' : formatExact(seen.modified, locale())}>{bytes(seen.size)}</span>;
  return [
    {
      id: 'tick',
      header: m.plan_ticked(),
      track: '40px',
      cell: (row) => (
        // oxlint-disable-next-line jsx-a11y/no-static-element-interactions, jsx-a11y/click-events-have-key-events -- Space does it for the row
        <span
          className={cx(styles.tick, row.ticked && styles.ticked, row.ticked && row.standing === 'only-there' && styles.removes, !row.canBeTicked && styles.none)}
          title={row.ticked ? m.plan_is_ticked() : m.plan_is_not_ticked()}
          onClick={(event) => {
            event.stopPropagation();
            toggle(row);
          }}
        >
          {row.standing === 'only-there' ? <Trash2 aria-hidden size={11} /> : <Check aria-hidden size={12} strokeWidth={3} />}
        </span>
      ),
    },
    { id: 'path', header: m.column_file(), track: 'minmax(0, 1fr)', cell: (row) => <PathCell path={row.path} /> },
    { id: 'standing', header: m.plan_standing(), track: '112px', cell: (row) => <Tag tone={standingTone(row.standing)}>{standingWord(row.standing)}</Tag> },
    { id: 'why', header: m.plan_why(), track: 'minmax(0, 0.6fr)', cell: (row) => <span className={cx(styles.quiet, styles.name)} title={whyWords(row)}>{whyWords(row)}</span> },
    { id: 'source', header: m.side_from(), track: '84px', align: 'end', optional: true, cell: (row) => side(row.source) },
    { id: 'target', header: m.side_to(), track: '84px', align: 'end', optional: true, cell: (row) => side(row.target) },
  ];
}

