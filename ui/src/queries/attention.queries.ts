import { mutationOptions, queryOptions } from '@tanstack/react-query';
import { desk, type AnswerView } from '@/ipc';
import { keys } from './keys';

export const attention = queryOptions({ queryKey: keys.attention, queryFn: () => desk().attention() });

export const answerAttention = mutationOptions({
  mutationFn: ({ id, answer }: { id: string; answer: AnswerView }) => desk().answerAttention(id, answer),
});
