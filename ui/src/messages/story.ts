// The history of a transfer in sentences. Total by type: a new event or note in Rust breaks this build until it has its words.
import type { StoryEventView, StoryLineView, StoryNoteView, TransferView } from '@/ipc';
import { m } from './compiled/messages';
import { describeFailure } from './failures';
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
  /** What the desk has to say about it. */
  detail: string | null;
  /** What a remote or the operating system said, in its own words; or what was kept before notes had codes. */
  technical: string | null;
}

/** One line of the story. */
export function storySentence({ event, note, detail }: StoryLineView, transfer: TransferView): StorySentence {
  const { look, text } = EVENTS[event];
  const foreign = note === null || note.code === 'failed';
  return {
    look,
    text: text({ place: endName(transfer.destination) }),
    detail: note === null ? null : noteSentence(note, transfer),
    technical: foreign ? detail : null,
  };
}

/** What the desk adds to a line. */
function noteSentence(note: StoryNoteView, transfer: TransferView): string {
  switch (note.code) {
    case 'app-closed':
      return m.note_app_closed();
    case 'name-taken':
      return m.note_name_taken();
    case 'answers-again':
      return m.note_answers_again();
    case 'found-there':
      return m.note_found_there();
    case 'same-there':
      return m.note_same_there();
    case 'source-deleted':
      return m.note_source_deleted();
    case 'source-moved':
      return m.note_source_moved({ to: note.to });
    case 'source-taken':
      return m.note_source_taken({ to: note.to });
    case 'continued':
      return m.note_continued({ part: note.part, parts: note.parts });
    case 'not-older':
      return m.note_not_older({ path: note.path });
    case 'there-already':
      return m.note_there_already({ path: note.path });
    case 'no-empty-folders':
      return m.note_no_empty_folders();
    case 'looked-through-again':
      return m.note_looked_through_again();
    case 'not-stored':
      return m.note_not_stored();
    case 'answered':
      return m.note_answered({ rule: ruleWord(note.rule) });
    case 'failed': {
      const ends = { name: transfer.name, source: endName(transfer.source), destination: endName(transfer.destination) };
      return describeFailure({ kind: note.kind, side: note.side, code: note.remoteCode, message: '' }, ends).title;
    }
  }
}
