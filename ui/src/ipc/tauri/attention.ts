import { commands } from '../bindings';
import type { AttentionCalls } from '../ports/attention';
import { ask } from './ask';

export const attentionCalls: AttentionCalls = {
  attention: () => ask(commands.attentionList()),
  attentionOne: (id) => ask(commands.attentionOne(id)),
  answerAttention: (id, answer) => ask(commands.attentionAnswer(id, answer)),

  questions: () => ask(commands.questionsList()),
  answerQuestion: (id, answers) => ask(commands.questionsAnswer(id, answers)),
};
