// The history of a transfer in sentences. Total by type.
import type { StoryEventView, StoryLineView, TransferView } from '@/ipc';
import { m } from './compiled/messages';
import { endName } from './words';

type Look = 'done' | 'noted' | 'bad' | 'open';

const EVENTS: Record<StoryEventView, { look: Look; text: (inputs: { place: string }) => string }> = {
  claimed: { look: 'done', text: m.story_claimed },
  started: { look: 'done', text: m.story_started },
  accepted: { look: 'done', text: m.story_accepted },
  settled: { look: 'done', text: m.story_settled },
  skipped: { look: 'noted', text: m.story_skipped },
  delayed: { look: 'noted', text: m.story_delayed },
  due: { look: 'done', text: m.story_due },
  failed: { look: 'bad', text: m.story_failed },
  asked: { look: 'noted', text: m.story_asked },
  answered: { look: 'done', text: m.story_answered },
  paused: { look: 'noted', text: m.story_paused },
  resumed: { look: 'done', text: m.story_resumed },
  cancelled: { look: 'noted', text: m.story_cancelled },
  'retry-asked': { look: 'done', text: m.story_retry_asked },
  interrupted: { look: 'noted', text: m.story_interrupted },
};

/** One line of the story; `detail` is what the engine or the remote said about it, in its own words. */
export function storySentence(line: StoryLineView, transfer: TransferView): { look: Look; text: string; detail: string | null } {
  const { look, text } = EVENTS[line.event];
  const what = text({ place: endName(transfer.destination) });
  return { look, text: what, detail: line.detail };
}
