import { useEffect, useState } from 'react';
import { toast } from '@/kit/toast';
import { m } from '@/messages';
import { useOpenDialog } from '@/parts/open-dialog';
import { QuestionDialog } from '@/parts/question-dialog';
import { setQuestions, useQuestion } from '@/parts/questions';
import { isTyping } from '@/parts/commands';
import { openQuestions } from '@/queries';

/**
 * A server's question, as soon as it does not fall into what somebody does: it is announced, and opens by itself when
 * the dialog is closed or the typing is over.
 */
export function Questions() {
  const question = useQuestion();
  const dialog = useOpenDialog();
  const typing = useTyping();
  const [wanted, setWanted] = useState<string | null>(null);
  const [shown, setShown] = useState<string | null>(null);
  const id = question?.id ?? null;
  const free = dialog === null && !typing;
  // What lies open stays open: the focus in its own field is no typing elsewhere.
  if (id !== null && shown !== id && (free || wanted === id)) setShown(id);

  const place = question?.connectionName ?? '';
  const waits = id !== null && shown !== id && !free && wanted !== id;
  useEffect(() => {
    if (!waits) return undefined;
    return toast({ text: m.question_title({ place }), action: { label: m.act_answer(), run: () => setWanted(id) } });
  }, [waits, id, place]);
  useEffect(() => {
    // A window that was loaded anew has missed the push.
    void openQuestions().then(setQuestions, () => {});
  }, []);

  return question !== null && shown === id ? <QuestionDialog key={question.id} question={question} /> : null;
}

/** Whether a text is being typed somewhere. */
function useTyping(): boolean {
  const [typing, setTyping] = useState(() => isTyping(document.activeElement));
  useEffect(() => {
    const look = () => setTyping(isTyping(document.activeElement));
    // After the focus has come to where it goes.
    const soon = () => setTimeout(look);
    document.addEventListener('focusin', soon);
    document.addEventListener('focusout', soon);
    return () => {
      document.removeEventListener('focusin', soon);
      document.removeEventListener('focusout', soon);
    };
  }, []);
  return typing;
}
