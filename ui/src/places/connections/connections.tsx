import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import type { ConnectionView, TestReportView, TestStepView } from '@/ipc';
import { Button } from '@/kit/button';
import { EmptyState } from '@/kit/empty-state';
import { Page } from '@/kit/page';
import { Split } from '@/kit/split';
import { inWords, m } from '@/messages';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import type { PlaceSearch } from '@/parts/place';
import { useCommands } from '@/parts/commands';
import { attention as attentionQuery, connections as connectionsQuery, connectorSpecs, testConnection } from '@/queries';
import { AddDialog } from './add-dialog';
import { Cards } from './cards';
import { ConnectionSide } from './connection-side';
import styles from './connections.module.css';
import { RemoveDialog } from './remove-dialog';

export function Connections() {
  const search: PlaceSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const list = useQuery(connectionsQuery);
  const specs = (useQuery(connectorSpecs).data ?? []).map(inWords);
  const open = useQuery(attentionQuery).data ?? [];
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<ConnectionView | null>(null);
  const [reports, setReports] = useState<Readonly<Record<string, TestReportView>>>({});
  const chosen = list.data?.find((one) => one.id === search.chosen);

  const choose = (id: string | null) =>
    void navigate({ to: '/connections', search: id === null ? {} : { chosen: id }, replace: true });
  const keep = (id: string, report: TestReportView) => setReports((before) => ({ ...before, [id]: report }));
  const [told, setTold] = useState<readonly TestStepView[]>([]);
  const testing = useMutation({
    ...testConnection,
    onMutate: () => setTold([]),
    onSuccess: (report: TestReportView, { id }) => keep(id, report),
    onError: (reason) => tellError(reason, chosen?.name ?? m.place_connections()),
  });
  const test = (id: string) => {
    if (!testing.isPending) testing.mutate({ id, tell: (step) => setTold((before) => [...before, step]) });
  };
  useCommands([
    { id: 'connections.add', title: m.add_connection, keys: 'N', run: () => setAdding(true) },
    { id: 'connections.test', title: m.key_test, keys: 'T', enabled: chosen !== undefined, run: () => chosen && test(chosen.id) },
    { id: 'connections.clear', title: m.key_clear, keys: 'Esc', run: () => choose(null), keyOnly: true },
  ]);

  return (
    <Page
      title={m.place_connections()}
      sub={m.connections_sub()}
      actions={
        <Button tone="go" shortcut="N" onPress={() => setAdding(true)}>
          {m.add_connection()}
        </Button>
      }
    >
      <Split
        side={
          chosen ? (
            <ConnectionSide
              connection={chosen}
              spec={specs.find((spec) => spec.kind === chosen.kind)}
              question={open.find((one) => one.connection === chosen.id && one.transfer === null)}
              report={reports[chosen.id]}
              testing={testing.isPending && testing.variables.id === chosen.id ? told : null}
              onTest={() => test(chosen.id)}
              onRemove={() => setRemoving(chosen)}
              onClose={() => choose(null)}
            />
          ) : null
        }
      >
        <div className={styles.scroll}>
          {list.isError ? <ErrorNotice reason={list.error} about={m.place_connections()} /> : null}
          {list.data?.length === 0 ? (
            <EmptyState
              title={m.empty_connections_title()}
              actions={
                <Button tone="go" onPress={() => setAdding(true)}>
                  {m.add_connection()}
                </Button>
              }
            >
              {m.empty_connections_body()}
            </EmptyState>
          ) : (
            <Cards connections={list.data ?? []} specs={specs} open={open} chosen={chosen?.id ?? null} onChoose={choose} />
          )}
        </div>
      </Split>
      {adding ? (
        <AddDialog
          specs={specs}
          onTested={keep}
          onClose={(added) => {
            setAdding(false);
            if (added !== null) choose(added);
          }}
        />
      ) : null}
      {removing ? (
        <RemoveDialog
          connection={removing}
          onClose={(removed) => {
            setRemoving(null);
            if (removed) choose(null);
          }}
        />
      ) : null}
    </Page>
  );
}
