import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type AnswerView } from '@/ipc';
import { keys } from './keys';

export const attention = queryOptions({ queryKey: keys.attention, queryFn: () => desk().attention() });

/** One question; `null` once it was answered. */
export const attentionOne = (id: string) =>
  queryOptions({ queryKey: keys.attentionOne(id), queryFn: () => desk().attentionOne(id) });

export const answerAttention = mutationOptions({
  mutationFn: ({ id, answer }: { id: string; answer: AnswerView }) => desk().answerAttention(id, answer),
});
