import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent } from 'react';
import type { AttentionView } from '@/ipc';
import { toast } from '@/kit/toast';
import { answerLabel, attentionLine } from '@/parts/attention-facts';
import { openAttention } from '@/parts/open-dialog';
import { attentionOne } from '@/queries';

/** The notice of a question. It goes by itself when the question was answered: here, in another window, by a command. */
export function Told({ question, onGone }: { question: AttentionView; onGone: () => void }) {
  const asked = useQuery(attentionOne(question.id));
  const answered = asked.data === null && !asked.isFetching;
  const gone = useEffectEvent(onGone);
  useEffect(() => {
    if (answered) return gone();
    let here = true;
    const close = toast(
      { text: attentionLine(question), action: { label: answerLabel(question), run: () => openAttention(question.id) } },
      () => here && gone(),
    );
    return () => {
      here = false;
      close();
    };
  }, [answered, question]);
  return null;
}
