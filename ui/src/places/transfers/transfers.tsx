import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useRef, useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { filterOf, isNarrowed, isSearch } from '@/domain/transfer-filter';
import { runOfKey } from '@/domain/transfer-list';
import { PACES } from '@/domain/transfer';
import type { PaceView, TransferCountsView, TransferFilterView, TransferView } from '@/ipc';
import { Button } from '@/kit/button';
import { Chips } from '@/kit/chips';
import { Page } from '@/kit/page';
import { SearchField } from '@/kit/search-field';
import { Split } from '@/kit/split';
import { locale, m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { openSend } from '@/parts/open-dialog';
import type { PlaceSearch } from '@/parts/place';
import { useNow } from '@/parts/use-now';
import { useTyped } from '@/parts/use-typed';
import { heldRuns, runPages, someTransfers, transferCounts } from '@/queries';
import { useActs } from './acts';
import { AllMenu, usePauseAll } from './all-menu';
import { Filters, Narrowed } from './filters';
import { foldAll, useFolded } from './folded';
import { LimitsButton } from './limits';
import { isUncounted } from './run-line';
import { RunSide } from './run-side';
import { SpeedStrip } from './speed-strip';
import { TransferSide } from './transfer-side';
import { TransferList } from './transfer-list';
import { useWaits, WaitsProvider } from './use-stopped';
import { type TransferList as List, useTransferList } from './use-transfer-list';
import { ViewsMenu } from './views-menu';
import styles from './transfers.module.css';

type Show = PaceView | 'all';

/** Chosen rows that are not in the list are fetched up to so many. */
const FETCHED = 200;

export function Transfers() {
  const address: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  // With each letter the list is another one; the address follows once the typing rests.
  const [find, setFind] = useTyped(address.find ?? '', (text) => {
    void navigate({ to: '/transfers', search: ({ chosen: _chosen, ...kept }: PlaceSearch) => ({ ...kept, find: text }), replace: true });
  });
  const search = useMemo(() => ({ ...address, find }), [address, find]);
  const show = (wanted: PlaceSearch) => {
    setFind(wanted.find ?? '');
    void navigate({ to: '/transfers', search: wanted, replace: true });
  };
  const today = new Date(useNow('minute')).setHours(0, 0, 0, 0);
  const filter = useMemo(() => filterOf(search, today), [search, today]);
  const folded = useFolded();
  const list = useTransferList(filter, folded);
  const counts = useQuery(transferCounts).data;
  // Whatever the list is narrowed to: the head speaks of the whole queue.
  const uncounted = useInfiniteQuery(runPages(null)).data?.pages.flatMap((page) => page.runs).filter(isUncounted) ?? [];
  const holds = useQuery({ ...heldRuns, enabled: uncounted.length > 0 }).data ?? [];
  const held = uncounted.filter((run) => holds.some((one) => one.run === run.id)).length;
  const [selected, setSelected] = useState<ReadonlySet<string>>(() => new Set(search.chosen ? [search.chosen] : []));
  const [cameFor, setCameFor] = useState(search.chosen);
  if (search.chosen !== cameFor) {
    // Somebody came here again for another one, from the palette or from Today.
    setCameFor(search.chosen);
    if (search.chosen) setSelected(new Set([search.chosen]));
  }
  const finder = useRef<HTMLInputElement>(null);
  const acts = useActs(list.parts);
  const waits = useWaits();
  const pauseAll = usePauseAll(counts);
  const narrow = (change: PlaceSearch) => {
    const { chosen: _chosen, ...kept } = search;
    show({ ...kept, ...change });
  };
  useCommands([
    { id: 'transfers.find', title: m.key_find, keys: '/', run: () => finder.current?.focus(), keyOnly: true },
    { id: 'transfers.pause-all', title: pauseAll.label, run: pauseAll.run, enabled: pauseAll.enabled },
    { id: 'transfers.fold-all', title: m.fold_all, run: () => foldAll(list.runs.map((run) => run.id), false) },
    { id: 'transfers.unfold-all', title: m.unfold_all, run: () => foldAll([], true) },
  ]);

  const chosen = useChosen(selected, list);
  const runId = [...selected].map(runOfKey).find((id) => id !== null) ?? null;
  const chosenRun = chosen.length === 0 && runId !== null ? list.runs.find((run) => run.id === runId) : undefined;
  const close = () => setSelected(new Set());
  // Before anything was sent there is nothing to measure, to find or to narrow: the place says its first step alone.
  const unused = !list.loading && !list.error && list.parts.length === 0 && !list.looking && !isNarrowed(filter);

  return (
    <Page
      title={m.place_transfers()}
      sub={counts ? summary(counts, uncounted.length - held, held) : ''}
      actions={
        unused ? null : (
          <>
            <SearchField label={m.find_transfers()} value={find} onChange={setFind} shortcut="/" inputRef={finder} />
            <Button isDisabled={!pauseAll.enabled} onPress={pauseAll.run}>
              {pauseAll.label()}
            </Button>
            <Button tone="go" onPress={() => openSend([], null)}>
              {m.send_files()}
            </Button>
          </>
        )
      }
    >
      {unused ? null : (
        <>
          <SpeedStrip />
          <div className={styles.chips}>
            <Chips label={m.filter_label()} chips={chips(counts)} chosen={filter.pace ?? 'all'} onChoose={(id) => narrow({ show: id === 'all' ? '' : id })} />
            <div className={styles.tools}>
              <LimitsButton />
              <Filters search={search} onChange={narrow} />
              <ViewsMenu search={search} onShow={show} />
              <AllMenu filter={filter} acts={acts} />
            </div>
          </div>
        </>
      )}
      {isSearch(filter) || filter.run !== null ? <Narrowed search={search} list={list} onChange={narrow} /> : null}
      <div className={styles.columns}>
        <WaitsProvider value={waits}>
          <Split side={<Side chosen={chosen} run={chosenRun} list={list} acts={acts} filter={filter} onClose={close} onShowOnly={(run) => narrow({ run })} />}>
            <TransferList
              list={list}
              narrowed={isNarrowed(filter)}
              selected={selected}
              onSelect={setSelected}
              chosen={chosen}
              run={chosenRun}
              acts={acts}
              onShowAll={() => show({})}
              onShowOnly={(run) => narrow({ run })}
            />
          </Split>
        </WaitsProvider>
      </div>
    </Page>
  );
}

/** The chosen transfers in the order of the list; those that are out of it are fetched. */
function useChosen(selected: ReadonlySet<string>, list: List): readonly TransferView[] {
  const ids = [...selected].filter((key) => runOfKey(key) === null);
  const here = list.rows.filter((row) => selected.has(row.id));
  const known = new Set(here.map((row) => row.id));
  const missing = list.loading ? [] : ids.filter((id) => !known.has(id)).slice(0, FETCHED);
  const fetched = useQuery({ ...someTransfers(missing), enabled: missing.length > 0 }).data ?? [];
  return missing.length === 0 ? here : [...here, ...fetched.filter((one) => !known.has(one.id) && selected.has(one.id))];
}

function Side({
  chosen,
  run,
  list,
  ...rest
}: {
  chosen: readonly TransferView[];
  run: List['runs'][number] | undefined;
  list: List;
  acts: ReturnType<typeof useActs>;
  filter: TransferFilterView;
  onClose: () => void;
  onShowOnly: (run: string) => void;
}) {
  const [first] = chosen;
  if (first) return <TransferSide transfers={chosen} run={list.runs.find((one) => one.id === first.run)} acts={rest.acts} onClose={rest.onClose} onShowRun={rest.onShowOnly} />;
  return run ? <RunSide run={run} acts={rest.acts} onClose={rest.onClose} onShowOnly={() => rest.onShowOnly(run.id)} /> : null;
}

/** `uncounted` and `held`: runs of which there is no transfer yet, those apart that wait for an answer; they are on nobody's count. */
function summary(counts: TransferCountsView, uncounted: number, held: number): string {
  const number = (value: number) => formatNumber(value, locale());
  const parts = [
    counts.running > 0 ? m.transfers_running({ n: number(counts.running) }) : '',
    counts.waiting > 0 ? m.transfers_waiting({ n: number(counts.waiting) }) : '',
    counts.needsYou > 0 ? m.files_need_you({ count: counts.needsYou, n: number(counts.needsYou) }) : '',
    held > 0 ? m.transfers_held({ count: held, n: number(held) }) : '',
    uncounted > 0 ? m.transfers_uncounted({ count: uncounted, n: number(uncounted) }) : '',
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : m.transfers_quiet();
}

const WORDS: Record<Show, () => string> = {
  all: m.filter_all,
  running: m.filter_running,
  waiting: m.filter_waiting,
  'needs-you': m.filter_needs_you,
  failed: m.filter_failed,
  done: m.filter_done,
};

function chips(counts: TransferCountsView | undefined): { id: Show; label: string; count?: string | undefined }[] {
  const at: Record<PaceView, number | undefined> = {
    running: counts?.running,
    waiting: counts?.waiting,
    'needs-you': counts?.needsYou,
    failed: counts?.failed,
    done: counts?.done,
  };
  const chip = (pace: PaceView) => ({ id: pace, label: WORDS[pace](), count: at[pace] ? formatNumber(at[pace], locale()) : undefined });
  return [{ id: 'all', label: m.filter_all() }, ...PACES.map(chip)];
}
