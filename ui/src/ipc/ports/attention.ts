// What only a person can answer.
import type { AnswerView, AttentionView, QuestionView } from '../bindings';

export interface AttentionCalls {
  attention(): Promise<AttentionView[]>;
  answerAttention(id: string, answer: AnswerView): Promise<null>;

  questions(): Promise<QuestionView[]>;
  /** One answer a prompt; `null` gives the sign-in up. */
  answerQuestion(id: string, answers: string[] | null): Promise<null>;
}
