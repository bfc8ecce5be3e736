// Why a row of a plan stands as it does, in words. Total by type.
import { shownName } from '@/domain/path';
import type { PlanRowView, StandingView, WhyView } from '@/ipc';
import type { Tone } from '@/kit/tag';
import { failureTag, m, proofWord } from '@/messages';

const STANDINGS: Record<StandingView, { word: () => string; tone: Tone }> = {
  new: { word: m.plan_new, tone: 'accent' },
  different: { word: m.plan_different, tone: 'warn' },
  same: { word: m.plan_same, tone: 'ok' },
  'only-there': { word: m.plan_only_there, tone: 'plain' },
  'cannot-tell': { word: m.plan_cannot_tell, tone: 'hold' },
};

export const STANDING_ORDER = ['new', 'different', 'cannot-tell', 'only-there', 'same'] as const;

export const standingWord = (standing: StandingView): string => STANDINGS[standing].word();
export const standingTone = (standing: StandingView): Tone => STANDINGS[standing].tone;

const PLAIN: Record<Exclude<WhyView['why'], 'plain' | 'bytes' | 'name-refused' | 'twin' | 'failed'>, () => string> = {
  size: m.plan_why_size,
  'source-newer': m.plan_why_source_newer,
  'size-and-time': m.plan_why_size_and_time,
  'other-bytes': m.plan_why_other_bytes,
  'target-newer': m.plan_why_target_newer,
  'no-time': m.plan_why_no_time,
  'no-way': m.plan_why_no_way,
  'other-kind': m.plan_why_other_kind,
  'not-a-file': m.plan_why_not_a_file,
};

export function whyWords({ why, folder, ticked, standing }: PlanRowView): string {
  if (standing === 'only-there') return ticked ? m.plan_why_removed() : m.plan_why_stays();
  switch (why.why) {
    case 'plain':
      return folder ? m.plan_why_empty_folder() : '';
    case 'bytes':
      return m.plan_why_bytes({ proof: proofWord(why.proof) });
    case 'name-refused':
      return m.plan_why_name_refused({ reason: why.reason });
    case 'twin':
      return m.plan_why_twin({ name: shownName(why.name) });
    case 'failed':
      return failureTag(why.failure).text;
    default:
      return PLAIN[why.why]();
  }
}
