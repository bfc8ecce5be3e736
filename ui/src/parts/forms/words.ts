// What a field of a form takes, and what is wrong with what was typed, in words.
import type { Problem } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import { shownName } from '@/domain/path';
import type { AttributeKindView, AttributeView } from '@/ipc';
import { locale, m } from '@/messages';
import type { ToldAttribute } from './told-apart';

const n = (value: number) => formatNumber(value, locale());

/** What a field takes, where its kind does not say it, and by what the system knows one of several of one name. */
export function helpFor({ kind, key, told }: ToldAttribute): string | undefined {
  return [kindHelp(kind), told === 'place' ? m.form_help_key({ key: shownName(key) }) : undefined].filter(Boolean).join(' ') || undefined;
}

function kindHelp(kind: AttributeKindView): string | undefined {
  switch (kind.type) {
    case 'integer':
      return m.form_help_integer();
    case 'decimal':
      return m.form_help_decimal();
    case 'date':
      return m.form_help_date();
    case 'moment':
      return m.form_help_moment();
    case 'person':
      return m.form_help_person();
    case 'text':
    case 'choice':
    case 'flag':
    case 'set':
      return undefined;
  }
}

/** A limit is spoken of once so much of it is taken. */
const NEARLY = 0.8;

/** How many characters a text still takes, once there are few; over its limit that is a problem. */
export function roomWords({ kind }: AttributeView, text: string): string | undefined {
  if (kind.type !== 'text' || kind.longest === null) return undefined;
  const length = [...text].length;
  const left = kind.longest - length;
  if (left < 0 || length < kind.longest * NEARLY) return undefined;
  return left === 0 ? m.form_room_none({ n: n(kind.longest) }) : m.form_room({ count: left, n: n(left) });
}

/** What is wrong, with the name of its field where that is one of several. */
export function problemWords(problem: Problem | undefined, { name, told }: ToldAttribute): string | undefined {
  const words = wordsOf(problem);
  return words === undefined || told === undefined ? words : m.form_problem_of({ name: shownName(name), problem: words });
}

function wordsOf(problem: Problem | undefined): string | undefined {
  switch (problem?.code) {
    case undefined:
      return undefined;
    case 'required':
      return m.form_problem_required();
    case 'integer':
      return m.form_problem_integer();
    case 'decimal':
      return m.form_problem_decimal();
    case 'date':
      return m.form_problem_date();
    case 'moment':
      return m.form_problem_moment();
    case 'choice':
      return m.form_problem_choice();
    case 'longest':
      return m.form_problem_longest({ n: n(problem.most), over: n(problem.over) });
    case 'most':
      return m.form_problem_most({ n: n(problem.most), over: n(problem.over) });
  }
}
