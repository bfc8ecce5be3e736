// The story of one transfer, step by step.
import { formatNumber } from '@/domain/measure';
import { formatExact, formatPrecise } from '@/domain/moment';
import type { StoryLineView, TransferDetailsView, TransferView } from '@/ipc';
import type { Step } from '@/kit/steps';
import { locale, m, stateWord, storySentence } from '@/messages';
import { Detail } from '@/parts/error-notice';

export function storySteps(details: TransferDetailsView, transfer: TransferView, now: number): Step[] {
  const at = (moment: number) => ({
    aside: formatPrecise(moment, now, locale()),
    title: formatExact(moment, locale()),
  });
  const told = details.story.map((line, index): Step => {
    const sentence = storySentence(line, transfer);
    return { key: `${index}`, state: sentence.look, text: sentence.text, detail: sentence.detail, more: folded(sentence.technical), ...at(line.at) };
  });
  const queued: Step = { key: 'queued', state: 'done', text: m.story_queued(), ...at(transfer.createdAt) };
  const running = ['preparing', 'transferring', 'verifying'].includes(transfer.state);
  const last: Step = { key: 'now', state: 'now', text: capital(stateWord(transfer.state)), aside: m.story_now() };
  return [...fold([queued, ...told], [true, ...details.story.map(isRoutine)], details.story), ...(running ? [last] : [])];
}

/** What happens to every transfer, and says nothing of this one. */
function isRoutine(line: StoryLineView): boolean {
  return ['claimed', 'started', 'due'].includes(line.event) && line.note === null && line.detail === null;
}

/** Steps of course are folded into the one that they led to: its start, else the last of them. */
function fold(steps: readonly Step[], routine: readonly boolean[], story: readonly StoryLineView[]): Step[] {
  const shown: Step[] = [];
  let course: Step[] = [];
  const leave = () => {
    const last = course.pop();
    if (last) shown.push(ledTo(last, course));
    course = [];
  };
  for (const [at, step] of steps.entries()) {
    if (story[at - 1]?.event === 'started') {
      shown.push(ledTo(step, course));
      course = [];
    } else if (routine[at]) course.push(step);
    else {
      leave();
      shown.push(step);
    }
  }
  leave();
  return shown;
}

function ledTo(step: Step, before: readonly Step[]): Step {
  if (before.length === 0) return step;
  return { ...step, before: { label: m.story_before({ n: formatNumber(before.length, locale()) }), steps: [...before] } };
}

function folded(technical: string | null): React.ReactNode {
  return technical === null ? null : <Detail text={technical} />;
}

export function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase(locale()) + text.slice(1);
}
