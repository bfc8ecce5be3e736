// The story of one transfer, step by step.
import { formatExact, formatMoment } from '@/domain/moment';
import type { TransferDetailsView, TransferView } from '@/ipc';
import type { Step } from '@/kit/steps';
import { locale, m, stateWord, storySentence } from '@/messages';
import { Detail } from '@/parts/error-notice';

export function storySteps(details: TransferDetailsView, transfer: TransferView, now: number): Step[] {
  const at = (moment: number) => ({
    aside: formatMoment(moment, now, locale(), true),
    title: formatExact(moment, locale()),
  });
  const told = details.story.map((line, index): Step => {
    const sentence = storySentence(line, transfer);
    return { key: `${index}`, state: sentence.look, text: sentence.text, detail: sentence.detail, more: folded(sentence.technical), ...at(line.at) };
  });
  const queued: Step = { key: 'queued', state: 'done', text: m.story_queued(), ...at(transfer.createdAt) };
  const running = ['preparing', 'transferring', 'verifying'].includes(transfer.state);
  const last: Step = { key: 'now', state: 'now', text: capital(stateWord(transfer.state)), aside: m.story_now() };
  return [queued, ...told, ...(running ? [last] : [])];
}

function folded(technical: string | null): React.ReactNode {
  return technical === null ? null : <Detail text={technical} />;
}

export function capital(text: string): string {
  return text.slice(0, 1).toLocaleUpperCase(locale()) + text.slice(1);
}
