import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { lastName, shownName } from '@/domain/path';
import type { ConnectionView, TodayView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { ConfirmDialog } from '@/kit/confirm-dialog';
import { ProgressBar } from '@/kit/progress-bar';
import { locale, m } from '@/messages';
import { useCommands } from '@/parts/commands';
import { ErrorNotice, tellError } from '@/parts/error-notice';
import { useGate } from '@/parts/metadata';
import { openSend } from '@/parts/open-dialog';
import { about, connections, demoState, leaveDemo, sendFiles } from '@/queries';
import { useStore } from '@/parts/store';
import { guided } from './guided';
import styles from './today.module.css';

type Step = 'send' | 'moving' | 'matched';

/** Which step of the first sending comes next; none once somebody has found their way. */
export function useGuide(day: TodayView, samples: readonly string[]): Step | null {
  const run = useStore(guided, (value) => value);
  const connected = useQuery(connections).data?.length ?? 0;
  const sent = day.runs.find((one) => one.run.id === run);
  if (sent) return sent.run.matched > 0 ? 'matched' : 'moving';
  // Before anything was ever sent.
  const { counts } = day;
  const ever = counts.running + counts.waiting + counts.needsYou + counts.failed + counts.done > 0;
  return !ever && (connected > 0 || samples.length > 0) ? 'send' : null;
}

/** The first sending, step by step, until the first file is matched. */
export function Guide({ step, samples, day }: { step: Step; samples: readonly string[]; day: TodayView }) {
  const demo = useQuery(demoState).data?.connections ?? [];
  const places = useQuery(connections).data ?? [];
  const samplesTo = useQuery(about).data?.samplesTo;
  const files = places.filter((one) => one.kind !== 'folder');
  const joined = demo.flatMap((id) => files.filter((one) => one.id === id));
  const to = joined[0] ?? files.find((one) => one.id === samplesTo) ?? files[0];
  if (step === 'send') return samples.length > 0 && to ? <SendSamples samples={samples} to={to} /> : <SendOwn />;
  return <Going day={day} demo={demo.length > 0} />;
}

function SendSamples({ samples, to }: { samples: readonly string[]; to: ConnectionView }) {
  const sending = useMutation({ ...sendFiles, onSuccess: (run: string) => guided.set(run) });
  const gate = useGate();
  const send = () => {
    if (sending.isPending || gate.asking()) return;
    gate.through({ connection: to.id, path: '/' }, samples, (forms) => sending.mutate({ sources: [...samples], connection: to.id, folder: '/', conflict: 'keep-both', proof: 'matched', forms }));
  };
  useCommands([{ id: 'first.samples', title: m.samples_send({ place: to.name }), keys: 'S', run: send }]);
  return (
    <Callout
      tone="accent"
      title={m.guide_send_title()}
      actions={
        <>
          <Button tone="go" shortcut="S" autoFocus isDisabled={sending.isPending} onPress={send}>
            {m.samples_send({ place: to.name })}
          </Button>
          <Button onPress={() => openSend([], to.id)}>{m.guide_own()}</Button>
          <LeaveDemo />
        </>
      }
    >
      <p>{m.guide_send_body({ names: new Intl.ListFormat(locale()).format(samples.map((path) => shownName(lastName(path)))), place: to.name })}</p>
      {sending.isError ? <ErrorNotice reason={sending.error} about={to.name} /> : null}
    </Callout>
  );
}

function SendOwn() {
  return (
    <Callout
      tone="accent"
      title={m.guide_first_title()}
      actions={
        <Button tone="go" shortcut="Ctrl O" onPress={() => openSend([], null)}>
          {m.send_files()}
        </Button>
      }
    >
      <p>{m.guide_first_body()}</p>
    </Callout>
  );
}

function Going({ day, demo }: { day: TodayView; demo: boolean }) {
  const navigate = useNavigate();
  const id = guided.get();
  const run = day.runs.find((one) => one.run.id === id)?.run;
  if (!run) return null;
  const number = (value: number) => formatNumber(value, locale());
  const over = !run.counting && run.done + run.failed >= run.files;
  const title = run.matched > 0 ? m.guide_matched_title({ count: run.matched, n: number(run.matched) }) : m.guide_moving_title();
  const all = m.run_matched({ matched: number(run.matched), files: number(run.files) });
  return (
    <Callout
      tone={run.matched > 0 ? 'ok' : 'accent'}
      title={title}
      actions={
        <>
          <Button tone="go" onPress={() => void navigate({ to: '/transfers', search: { run: run.id } })}>
            {m.guide_look()}
          </Button>
          <Button onPress={() => openSend([], null)}>{m.guide_own()}</Button>
          {demo && over ? <LeaveDemo /> : null}
          {over ? (
            <Button tone="quiet" onPress={() => guided.set(null)}>
              {m.done()}
            </Button>
          ) : null}
        </>
      }
    >
      <p>{run.matched > 0 ? m.guide_matched_body() : m.guide_moving_body()}</p>
      {over ? null : (
        <div className={styles.going}>
          <ProgressBar percent={run.files > 0 ? Math.round((run.matched * 100) / run.files) : 0} label={all} thick />
          <span>{all}</span>
        </div>
      )}
    </Callout>
  );
}

/** Takes the demo away again, with what was sent to it. */
function LeaveDemo() {
  const [asking, setAsking] = useState(false);
  const demo = useQuery(demoState).data?.connections ?? [];
  const leaving = useMutation({
    ...leaveDemo,
    onSuccess: () => {
      guided.set(null);
      setAsking(false);
    },
    onError: (reason) => {
      setAsking(false);
      tellError(reason, m.first_demo());
    },
  });
  if (demo.length === 0) return null;
  return (
    <>
      <Button tone="quiet" onPress={() => setAsking(true)}>
        {m.demo_leave()}
      </Button>
      {asking ? (
        <ConfirmDialog
          title={m.demo_leave_title()}
          lost={{ title: m.demo_leave_lost(), items: [m.demo_leave_connections(), m.demo_leave_files()] }}
          confirmLabel={m.demo_leave()}
          cancelLabel={m.cancel()}
          onConfirm={() => leaving.mutate()}
          onClose={() => setAsking(false)}
        >
          {m.demo_leave_body()}
        </ConfirmDialog>
      ) : null}
    </>
  );
}
