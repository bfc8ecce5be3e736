import { useState, type FormEvent } from 'react';
import { formatCountdown } from '@/domain/measure';
import { Button } from '@/kit/button';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { m } from '@/messages';
import { answerQuestion } from '@/queries';
import styles from './dialogs.module.css';
import { ErrorNotice } from './error-notice';
import type { OpenQuestion } from './questions';
import { useNow } from './use-now';

/**
 * What a server wants to know before it lets anybody in, in its own words. What is typed lives in the fields of this
 * dialog and nowhere else: it goes to the desk as it is sent, and is gone with the dialog.
 */
export function QuestionDialog({ question }: { question: OpenQuestion }) {
  const { id, connectionName: place, instructions, prompts } = question;
  const [typed, setTyped] = useState<readonly string[]>(() => prompts.map(() => ''));
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  async function answer(answers: string[] | null) {
    setPending(true);
    setProblem(null);
    try {
      await answerQuestion(id, answers);
    } catch (reason) {
      setProblem(reason);
      setPending(false);
    }
    setTyped(prompts.map(() => ''));
  }
  function send(event?: FormEvent) {
    event?.preventDefault();
    if (!pending && typed.every((text) => text !== '')) void answer([...typed]);
  }

  return (
    <Dialog
      title={m.question_title({ place })}
      onClose={() => void answer(null)}
      closeLabel={m.question_cancel()}
      role="alertdialog"
      actions={
        <>
          <TimeLeft until={question.until} />
          <Button isDisabled={pending} onPress={() => void answer(null)}>
            {m.question_cancel()}
          </Button>
          <Button tone="go" isDisabled={pending || typed.includes('')} onPress={() => send()}>
            {m.question_now()}
          </Button>
        </>
      }
    >
      <p>{m.question_body({ place })}</p>
      {instructions.length > 0 ? (
        <div className={styles.quoted} data-text>
          {instructions.map((line, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines of a text that does not change
            <p key={index}>{line}</p>
          ))}
        </div>
      ) : null}
      <form className={styles.fields} onSubmit={send}>
        {prompts.map((prompt, index) => (
          <TextField
            // oxlint-disable-next-line react/no-array-index-key -- prompts have their place and nothing else
            key={index}
            label={prompt.text === '' ? m.question_answer() : prompt.text}
            type={prompt.visible ? 'text' : 'password'}
            value={typed[index] ?? ''}
            onChange={(text) => setTyped((before) => before.map((one, at) => (at === index ? text : one)))}
            help={index === prompts.length - 1 ? m.question_kept_nowhere() : undefined}
            autoFocus={index === 0}
            disabled={pending}
          />
        ))}
        <button type="submit" hidden aria-label={m.question_now()} />
      </form>
      {problem === null ? null : <ErrorNotice reason={problem} about={place} />}
    </Dialog>
  );
}

function TimeLeft({ until }: { until: number }) {
  const left = Math.max(0, until - useNow('second'));
  return <span className={styles.timeLeft}>{m.question_left({ time: formatCountdown(left) })}</span>;
}
