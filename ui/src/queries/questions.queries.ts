// What a server asks while somebody signs in. No query and no mutation: nothing of it may lie in the cache.
import { desk, type QuestionView } from '@/ipc';

export function openQuestions(): Promise<QuestionView[]> {
  return desk().questions();
}

/** Hands the answers over, once. Whoever calls it keeps them no longer than the fields. */
export function answerQuestion(id: string, answers: string[] | null): Promise<null> {
  return desk().answerQuestion(id, answers);
}
