import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { ConnectionView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { describeFailure, m } from '@/messages';
import { answerLabel } from '@/parts/attention-facts';
import { ErrorNotice } from '@/parts/error-notice';
import { openAttention } from '@/parts/open-dialog';
import { attention as attentionQuery } from '@/queries';
import { FailureWays } from './failure-ways';
import styles from './forms.module.css';
import { runTest, type TestRun, useTestRun } from './test-runs';
import { failedStep, TestSteps } from './test-steps';

/** The test of a connection that was just saved: it is kept whatever comes out, and that is said. */
export function Tested({
  connection,
  title,
  onChange,
  onClose,
}: {
  connection: ConnectionView;
  title: string;
  /** Back to the form as it was. */
  onChange: () => void;
  onClose: () => void;
}) {
  const { id, name } = connection;
  const run = useTestRun(id);
  const question = useQuery(attentionQuery).data?.find((one) => one.connection === id && one.transfer === null);
  const ended = run !== undefined && !run.running;
  const failed = ended && (run.failure !== null || run.refused !== null);
  return (
    <Dialog
      title={title}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          {failed ? <Button onPress={onChange}>{m.change_settings()}</Button> : null}
          {failed && question ? <Button onPress={() => openAttention(question.id)}>{answerLabel(question)}</Button> : null}
          <Button isDisabled={!ended} onPress={() => void runTest(id)}>
            {m.test_now()}
          </Button>
          <Button tone="go" onPress={onClose}>
            {failed ? m.keep_untested() : m.done()}
          </Button>
        </>
      }
    >
      <div aria-live="polite" className={styles.form}>
        {run && ended ? <Outcome kind={connection.kind} run={run} name={name} saved /> : null}
        {run && (run.running || run.steps.length > 0) ? <TestSteps kind={connection.kind} run={run} /> : null}
      </div>
    </Dialog>
  );
}

/** How a test ended: the step that failed, what that means, and who can mend it. */
export function Outcome({
  kind,
  run,
  name,
  saved = false,
  actions,
}: {
  kind: string;
  run: TestRun;
  name: string;
  saved?: boolean;
  /** What mends a failure. */
  actions?: ReactNode;
}) {
  if (run.refused) return <ErrorNotice reason={run.refused} about={name} actions={actions} />;
  if (!run.failure) {
    const limited = run.steps.some((step) => step.outcome === 'noted');
    return <Callout tone="ok" title={limited ? m.test_passed_noted() : m.test_passed()} />;
  }
  const text = describeFailure(run.failure, { name, source: name, destination: name }, true);
  const step = failedStep(kind, run);
  return (
    <Callout tone={text.tone} title={text.title} actions={<FailureWays failure={run.failure}>{actions}</FailureWays>}>
      {step === null ? null : <p>{m.test_failed_at({ step })}</p>}
      <p>{text.body}</p>
      {saved ? <p>{m.added_failed()}</p> : null}
    </Callout>
  );
}
