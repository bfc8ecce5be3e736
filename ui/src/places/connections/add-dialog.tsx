import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { defaultsOf, type FormValues, isShown, missing, toDraft } from '@/domain/form';
import { type ConnectionView, type ConnectorSpecView, type FieldSpecView, toIpcError, type TestReportView, type TestStepView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { Disclosure } from '@/kit/disclosure';
import { TextField } from '@/kit/field';
import { describeFailure, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { openAttention } from '@/parts/open-dialog';
import { addConnection, attention as attentionQuery, testOfNew } from '@/queries';
import styles from './add-dialog.module.css';
import { plate } from './describe';
import { SpecField } from './spec-field';
import { TestSteps } from './test-steps';

interface Props {
  specs: readonly ConnectorSpecView[];
  onTested: (id: string, report: TestReportView) => void;
  /** With the id of the new connection, where one was added. */
  onClose: (added: string | null) => void;
}

/** What is it, how is it reached, does it work: three steps, each drawn from what the connector says. */
export function AddDialog({ specs, onTested, onClose }: Props) {
  const [spec, setSpec] = useState<ConnectorSpecView | null>(null);
  const [added, setAdded] = useState<ConnectionView | null>(null);
  if (added) return <Tested connection={added} onTested={onTested} onClose={() => onClose(added.id)} />;
  if (spec) return <Form spec={spec} onBack={() => setSpec(null)} onAdded={setAdded} onClose={() => onClose(null)} />;
  return (
    <Dialog title={m.add_title()} onClose={() => onClose(null)} closeLabel={m.close()} wide>
      <p className={styles.quiet}>{m.add_kind()}</p>
      <div className={styles.kinds}>
        {specs.map((one) => (
          <button key={one.kind} type="button" className={styles.kind} onClick={() => setSpec(one)}>
            <span aria-hidden="true" className={styles.plate}>
              {plate(one.kind)}
            </span>
            <strong>{one.title}</strong>
            <span className={styles.quiet}>{one.summary}</span>
          </button>
        ))}
      </div>
    </Dialog>
  );
}

function Form({
  spec,
  onBack,
  onAdded,
  onClose,
}: {
  spec: ConnectorSpecView;
  onBack: () => void;
  onAdded: (connection: ConnectionView) => void;
  onClose: () => void;
}) {
  const [name, setName] = useState('');
  const [values, setValues] = useState<FormValues>(() => defaultsOf(spec));
  const [asked, setAsked] = useState(false);
  const adding = useMutation({ ...addConnection, onSuccess: onAdded });
  const refused = adding.isError ? toIpcError(adding.error) : null;
  const lacking = new Set(asked ? missing(spec, values) : []);

  function problemOf(field: FieldSpecView): string | undefined {
    if (lacking.has(field.key)) return m.field_needed();
    return refused?.code === 'settings' ? refused.problems.find((problem) => problem.key === field.key)?.reason : undefined;
  }
  function add() {
    setAsked(true);
    if (name.trim() === '' || missing(spec, values).length > 0) return;
    adding.mutate(toDraft(spec, name, values));
  }

  const shown = spec.fields.filter((field) => isShown(field, values));
  const draw = (field: FieldSpecView) => (
    <SpecField
      key={field.key}
      field={field}
      value={values[field.key] ?? ''}
      error={problemOf(field)}
      onChange={(value) => setValues((before) => ({ ...before, [field.key]: value }))}
    />
  );
  const advanced = shown.filter((field) => field.advanced);
  return (
    <Dialog
      title={spec.title}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          <Button tone="quiet" onPress={onBack}>
            {m.other_kind()}
          </Button>
          <Button onPress={onClose}>{m.cancel()}</Button>
          <Button tone="go" isDisabled={adding.isPending} onPress={add}>
            {m.add_now()}
          </Button>
        </>
      }
    >
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <TextField
          label={m.add_name()}
          help={m.add_name_help()}
          value={name}
          onChange={setName}
          required
          autoFocus
          error={asked && name.trim() === '' ? m.add_name_needed() : undefined}
          name="name"
        />
        {shown.filter((field) => !field.advanced).map(draw)}
        {advanced.length > 0 ? (
          <Disclosure title={m.more_settings()}>
            <div className={styles.form}>{advanced.map(draw)}</div>
          </Disclosure>
        ) : null}
        <button type="submit" hidden aria-label={m.add_now()} />
      </form>
      {adding.isError ? <ErrorNotice reason={adding.error} about={name} /> : null}
    </Dialog>
  );
}

/** The test of a connection that was just added, started at once and again after each answer. */
function Tested({
  connection,
  onTested,
  onClose,
}: {
  connection: ConnectionView;
  onTested: Props['onTested'];
  onClose: () => void;
}) {
  const [told, setTold] = useState<readonly TestStepView[]>([]);
  const test = useQuery(
    testOfNew(
      connection.id,
      (step) => setTold((before) => [...before, step]),
      (report) => onTested(connection.id, report),
    ),
  );
  const question = useQuery(attentionQuery).data?.find((one) => one.connection === connection.id && one.transfer === null);
  const report = test.isFetching ? undefined : test.data;
  const { name } = connection;
  function again() {
    setTold([]);
    void test.refetch();
  }
  return (
    <Dialog
      title={m.added_title({ name })}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          {report?.failure && question ? <Button onPress={() => openAttention(question.id)}>{m.act_answer()}</Button> : null}
          <Button isDisabled={test.isFetching} onPress={again}>
            {m.test_now()}
          </Button>
          <Button tone="go" onPress={onClose}>
            {m.done()}
          </Button>
        </>
      }
    >
      <div aria-live="polite" className={styles.form}>
        {test.isError ? <ErrorNotice reason={test.error} about={name} /> : null}
        {report ? <Outcome report={report} name={name} /> : null}
        {test.isError && !test.isFetching ? null : (
          <TestSteps kind={connection.kind} steps={report?.steps ?? told} running={test.isFetching} />
        )}
      </div>
    </Dialog>
  );
}

function Outcome({ report, name }: { report: TestReportView; name: string }) {
  if (!report.failure) return <Callout tone="ok" title={m.test_passed()} />;
  const text = describeFailure(report.failure, { name, source: name, destination: name });
  return (
    <Callout tone={text.tone} title={text.title}>
      <p>{text.body}</p>
      <p>{m.added_failed()}</p>
    </Callout>
  );
}
