// The history of a transfer in sentences. Total by type.
import type { ConflictRuleView, SaidView, StoryEventView, StoryLineView, TransferView } from '@/ipc';
import { m } from './compiled/messages';
import { sayIn } from './connectors';
import { endName, ruleWord } from './words';

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

export interface StorySentence {
  look: Look;
  text: string;
  /** What the engine has to say about it. */
  detail: string | null;
  /** What a remote or the operating system said, in its own words. */
  technical: string | null;
}

/** One line of the story. */
export function storySentence(line: StoryLineView, transfer: TransferView): StorySentence {
  const { look, text } = EVENTS[line.event];
  const what = text({ place: endName(transfer.destination) });
  const said = line.detail;
  if (said === null) return { look, text: what, detail: null, technical: null };
  if (said.code === null) return { look, text: what, detail: null, technical: said.text };
  return { look, text: what, detail: sayIn(null, inRuleWords(said)), technical: null };
}

/** A conflict rule is a word of the window too. */
function inRuleWords(said: SaidView): SaidView {
  const parameters = said.parameters.map((one) => (one.key === 'rule' ? { ...one, value: ruleWord(one.value as ConflictRuleView) } : one));
  return { ...said, parameters };
}
