import { useMutation, useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { exchangeText, isAbout, lookOf, partsOf } from '@/domain/exchange';
import { formatNumber } from '@/domain/measure';
import { formatExact, formatPrecise } from '@/domain/moment';
import { shownName } from '@/domain/path';
import type { ExchangeView } from '@/ipc';
import { Button } from '@/kit/button';
import { DataGrid, type GridColumn } from '@/kit/data-grid';
import { Dialog } from '@/kit/dialog';
import { EmptyState } from '@/kit/empty-state';
import { SearchField } from '@/kit/search-field';
import { InlineSelect } from '@/kit/select';
import { Skeleton } from '@/kit/skeleton';
import { Tag, type Tone } from '@/kit/tag';
import { toast } from '@/kit/toast';
import { locale, m } from '@/messages';
import { exchanges, forgetExchanges, keys } from '@/queries';
import { ErrorNotice } from '../error-notice';
import { useNow } from '../use-now';
import { ExchangeDetail } from './exchange-detail';
import styles from './exchanges.module.css';

/** What was said with web services: each request with its answer, read anew each second while somebody looks. */
export function ExchangesDialog({ connection, onClose }: { connection: string | null; onClose: () => void }) {
  const now = useNow('minute');
  const held = useQuery(exchanges);
  const forgetting = useMutation({ ...forgetExchanges, onSuccess: (_, __, ___, { client }) => client.setQueryData(keys.exchanges, []) });
  const [typed, setTyped] = useState('');
  const [of, setOf] = useState(connection);
  const [picked, setPicked] = useState<number | null>(null);
  const all = useMemo(() => held.data ?? [], [held.data]);
  const shown = useMemo(() => all.filter((one) => (of === null || one.connection === of) && isAbout(one, typed)), [all, of, typed]);
  const lines = useMemo(() => shown.map((item) => ({ kind: 'row' as const, key: String(item.number), item })), [shown]);
  // The newest stands for what was not chosen, and stays once it is shown: what comes later does not push it away.
  const chosen = shown.find((one) => one.number === picked) ?? shown[0];
  if (chosen && chosen.number !== picked) setPicked(chosen.number);

  const names = [...new Set([...(connection === null ? [] : [connection]), ...all.map((one) => one.connection)])].toSorted((a, b) => a.localeCompare(b, locale()));
  const choose = (selected: ReadonlySet<string>) => {
    const other = [...selected].map(Number).find((number) => number !== picked);
    if (other !== undefined) setPicked(other);
  };
  const copy = () => {
    if (chosen) void navigator.clipboard.writeText(exchangeText(chosen, m.said_cut())).then(() => toast({ text: m.said_copied() }));
  };
  return (
    <Dialog
      wide="list"
      title={m.said_title()}
      onClose={onClose}
      closeLabel={m.close()}
      actions={
        <>
          {all.length === 0 ? null : (
            <Button isDisabled={forgetting.isPending} onPress={() => forgetting.mutate()}>
              {m.said_forget()}
            </Button>
          )}
          <Button tone="go" onPress={onClose}>
            {m.close()}
          </Button>
        </>
      }
    >
      {held.isError ? <ErrorNotice reason={held.error} about={m.said_title()} /> : null}
      {forgetting.isError ? <ErrorNotice reason={forgetting.error} about={m.said_title()} /> : null}
      {held.isPending ? <Skeleton label={m.said_loading()} shape="rows" lines={6} /> : null}
      {held.data?.length === 0 ? <EmptyState title={m.said_empty_title()}>{m.said_empty_body()}</EmptyState> : null}
      {all.length > 0 ? (
        <div className={styles.inspector}>
          <div className={styles.bar}>
            <SearchField label={m.said_find()} value={typed} onChange={setTyped} />
            <InlineSelect
              name={m.said_connection()}
              value={of ?? ALL}
              onChange={(id) => setOf(id === ALL ? null : id)}
              options={[{ id: ALL, label: m.said_all_connections() }, ...names.map((name) => ({ id: name, label: shownName(name) }))]}
            />
            <span className={styles.masked}>{m.said_masked()}</span>
          </div>
          {chosen ? (
            <>
              <div className={styles.list}>
                <DataGrid
                  label={m.said_list()}
                  columns={columnsAt(now, of === null)}
                  lines={lines}
                  textOf={(one) => partsOf(one.address).path}
                  inView={{ key: String(chosen.number), turn: `${of ?? ALL}\n${typed}` }}
                  selected={new Set([String(chosen.number)])}
                  onSelect={choose}
                  onKey={(event) => {
                    if (event.key.toLowerCase() !== 'c' || !(event.ctrlKey || event.metaKey)) return false;
                    copy();
                    return true;
                  }}
                />
              </div>
              <ExchangeDetail key={chosen.number} exchange={chosen} />
            </>
          ) : (
            <EmptyState
              title={m.said_none_title()}
              actions={
                <Button
                  onPress={() => {
                    setTyped('');
                    setOf(null);
                  }}
                >
                  {m.said_show_all()}
                </Button>
              }
            >
              {m.said_none_body()}
            </EmptyState>
          )}
        </div>
      ) : null}
    </Dialog>
  );
}

/** No connection has a blank for a name. */
const ALL = ' ';

const TONES: Record<ReturnType<typeof lookOf>, Tone> = { waits: 'plain', well: 'ok', plain: 'plain', refused: 'warn', broken: 'bad' };

/** The status, or the word for none. */
export function StatusTag({ exchange }: { exchange: ExchangeView }) {
  const text = exchange.failed === null ? (exchange.status?.toString() ?? m.said_waits()) : m.said_no_answer();
  return <Tag tone={TONES[lookOf(exchange)]}>{text}</Tag>;
}

function columnsAt(now: number, withConnection: boolean): GridColumn<ExchangeView>[] {
  const address: GridColumn<ExchangeView> = {
    id: 'address',
    header: m.said_address(),
    track: 'minmax(0, 1fr)',
    cell: ({ address: whole }) => {
      const { host, path } = partsOf(whole);
      return (
        <span className={styles.address} translate="no" title={whole}>
          <span className={styles.host}>{host}</span>
          {path}
        </span>
      );
    },
  };
  const connection: GridColumn<ExchangeView> = {
    id: 'connection', header: m.said_connection(), track: '132px', optional: true, cell: (one) => <span className={styles.name} title={one.connection}>{shownName(one.connection)}</span>,
  };
  return [
    { id: 'method', header: m.said_method(), track: '56px', cell: (one) => <span className={styles.method} translate="no">{one.method}</span> },
    address,
    { id: 'status', header: m.said_answered(), track: '104px', cell: (one) => <StatusTag exchange={one} /> },
    { id: 'took', header: m.said_took(), track: '72px', align: 'end', optional: true, cell: (one) => (one.milliseconds === null ? '' : m.milliseconds({ n: formatNumber(one.milliseconds, locale()) })) },
    ...(withConnection ? [connection] : []),
    { id: 'at', header: m.said_at(), track: 'minmax(64px, max-content)', align: 'end', cell: (one) => <span title={formatExact(one.at, locale())}>{formatPrecise(one.at, now, locale())}</span> },
  ];
}
