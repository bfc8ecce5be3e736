// A run that nobody could look through yet, because of a question about one of its ends.
import { useQuery } from '@tanstack/react-query';
import type { AttentionView, RunView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { m } from '@/messages';
import { useAskedAbout } from '@/parts/asked-about';
import { answerLabel, attentionLine, hitchOf, hitchTexts } from '@/parts/attention-facts';
import { needTone } from '@/parts/need-icon';
import { openAttention } from '@/parts/open-dialog';
import { heldRuns } from '@/queries';
import styles from './run-line.module.css';

/** The question that holds a run up, as far as one does. */
function useHeldBy(run: RunView): AttentionView | undefined {
  const held = useQuery({ ...heldRuns, enabled: run.counting }).data?.find((one) => one.run === run.id);
  return useAskedAbout()(held?.question ?? null);
}

/** What an uncounted run waits for, with the way to end that; without a question, that nobody counted it yet. */
export function Uncounted({ run }: { run: RunView }) {
  const question = useHeldBy(run);
  if (!question) return <span>{m.run_uncounted()}</span>;
  return (
    <>
      <span className={styles[needTone(question.kind, question)]}>{hitchOf(question) === 'vault-closed' ? m.run_waits_for_passphrase() : attentionLine(question)}</span>
      <Button tone="quiet" onPress={() => openAttention(question.id)}>
        {answerLabel(question)}
      </Button>
    </>
  );
}

/** The same at the side of the run, in whole sentences. */
export function HeldUp({ run }: { run: RunView }) {
  const question = useHeldBy(run);
  if (!question) return null;
  return (
    <Callout
      tone={needTone(question.kind, question)}
      title={attentionLine(question)}
      actions={<Button onPress={() => openAttention(question.id)}>{answerLabel(question)}</Button>}
    >
      <p>{hitchTexts(question)?.detail() ?? m.run_held_body()}</p>
    </Callout>
  );
}
