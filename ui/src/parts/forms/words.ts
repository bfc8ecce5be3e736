// What a field of a form takes, and what is wrong with what was typed, in words.
import type { Problem } from '@/domain/attributes';
import { formatNumber } from '@/domain/measure';
import type { AttributeView } from '@/ipc';
import { locale, m } from '@/messages';

const n = (value: number) => formatNumber(value, locale());

export function helpFor({ kind }: AttributeView): string | undefined {
  switch (kind.type) {
    case 'text':
      return kind.longest === null ? undefined : m.form_help_longest({ n: n(kind.longest) });
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
    case 'choice':
    case 'flag':
    case 'set':
      return undefined;
  }
}

export function problemWords(problem: Problem | undefined): string | undefined {
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
