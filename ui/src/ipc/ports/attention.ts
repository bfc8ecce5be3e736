// What only a person can answer.
import type { AnswerView, AttentionView, QuestionView } from '../bindings';

export interface AttentionCalls {
  /** What is asked about connections, and the oldest of what is asked about files: `attentionPage` has all of a group. */
  attention(): Promise<AttentionView[]>;
  /** `null` where it is open no longer. */
  attentionOne(id: string): Promise<AttentionView | null>;
  answerAttention(id: string, answer: AnswerView): Promise<null>;

  questions(): Promise<QuestionView[]>;
  /** One answer a prompt; `null` gives the sign-in up. */
  answerQuestion(id: string, answers: string[] | null): Promise<null>;
}
