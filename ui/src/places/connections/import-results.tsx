import { useQuery } from '@tanstack/react-query';
import type { AttentionView, ImportOutcomeView } from '@/ipc';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { Tag, type Tone } from '@/kit/tag';
import { describeError, describeFailure, m, sayIn } from '@/messages';
import { answerLabel } from '@/parts/attention-facts';
import { openAttention } from '@/parts/open-dialog';
import { attention, connections } from '@/queries';
import styles from './forms.module.css';
import { failedStep } from './test-steps';
import { runTest, type TestRun, useRunningTests, useTestRun } from './test-runs';

/** What became of each: added or why not, and how its test went. */
export function ImportResults({
  results,
  onMore,
  onClose,
}: {
  results: readonly ImportOutcomeView[];
  onMore: () => void;
  onClose: () => void;
}) {
  const running = useRunningTests();
  const open = useQuery(attention).data ?? [];
  const added = results.filter((one) => one.added !== null).length;
  return (
    <Dialog
      title={m.import_done({ count: added, n: String(added), all: String(results.length) })}
      onClose={onClose}
      closeLabel={m.close()}
      wide
      actions={
        <>
          <Button onPress={onMore}>{m.import_more()}</Button>
          <Button tone="go" onPress={onClose}>
            {m.done()}
          </Button>
        </>
      }
    >
      <p className={styles.quiet} aria-live="polite">
        {running > 0 ? m.import_testing() : m.import_tested()}
      </p>
      <ul className={styles.found} aria-label={m.import_found()}>
        {results.map((one) => (
          <Result key={one.index} one={one} question={open.find((asked) => asked.connection === one.added && asked.transfer === null)} />
        ))}
      </ul>
    </Dialog>
  );
}

function Result({ one, question }: { one: ImportOutcomeView; question: AttentionView | undefined }) {
  const run = useTestRun(one.added ?? '');
  const kind = useQuery(connections).data?.find((place) => place.id === one.added)?.kind ?? '';
  const { tone, word, line } = outcomeOf(one, run, kind);
  const failed = one.added !== null && run !== undefined && !run.running && Boolean(run.failure || run.refused);
  return (
    <li className={styles.result} aria-label={one.name}>
      <div className={styles.foundBody} data-text>
        <span className={styles.resultHead}>
          <strong>{one.name}</strong>
          <Tag tone={tone}>{word}</Tag>
        </span>
        {line === null ? null : <span className={styles.quiet}>{line}</span>}
      </div>
      {question || failed ? (
        <div className={styles.resultActs}>
          {/* The test stands where it stands, also when the question beside it is answered and goes. */}
          {failed ? <Button onPress={() => one.added !== null && void runTest(one.added)}>{m.test_now()}</Button> : null}
          {question ? <Button onPress={() => openAttention(question.id)}>{answerLabel(question)}</Button> : null}
        </div>
      ) : null}
    </li>
  );
}

function outcomeOf(one: ImportOutcomeView, run: TestRun | undefined, kind: string): { tone: Tone; word: string; line: string | null } {
  if (one.refused) {
    const { title, body } = describeError(one.refused, one.name);
    return { tone: 'bad', word: m.import_not_added(), line: `${title}. ${body}` };
  }
  if (!run) return { tone: 'plain', word: m.import_waits(), line: null };
  if (run.running) return { tone: 'accent', word: m.testing(), line: run.trying === null ? null : sayIn(kind, run.trying) };
  if (run.refused) return { tone: 'bad', word: m.health_failed(), line: describeError(run.refused, one.name).title };
  if (!run.failure) return { tone: 'ok', word: m.import_works(), line: null };
  const { title, tone } = describeFailure(run.failure, { name: one.name, source: one.name, destination: one.name }, true);
  const step = failedStep(kind, run);
  return { tone, word: m.import_added(), line: step === null ? title : `${m.test_failed_at({ step })} ${title}` };
}
