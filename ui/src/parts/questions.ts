// The questions of servers that are open now. They are asked one after the other and never into somebody's typing.
import type { QuestionView } from '@/ipc';
import { Store, useStore } from './store';

export interface OpenQuestion extends QuestionView {
  /** When an answer is of no more use. */
  until: number;
}

const questions = new Store<readonly OpenQuestion[]>([]);

/** Takes what is open now: all of it. */
export function setQuestions(open: readonly QuestionView[]): void {
  const known = new Map(questions.get().map((one) => [one.id, one]));
  questions.set(open.map((one) => known.get(one.id) ?? { ...one, until: Date.now() + one.secondsLeft * 1000 }));
}

export function useQuestion(): OpenQuestion | null {
  return useStore(questions, (open) => open[0] ?? null);
}

/** All of them, for who shows what waits for an answer. */
export function useQuestions(): readonly OpenQuestion[] {
  return useStore(questions, (open) => open);
}
