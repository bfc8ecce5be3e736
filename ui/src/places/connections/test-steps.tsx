import { formatNumber } from '@/domain/measure';
import { formatTime } from '@/domain/moment';
import type { StepOutcomeView } from '@/ipc';
import { Section } from '@/kit/section';
import { type Step, Steps } from '@/kit/steps';
import { locale, m, sayIn } from '@/messages';
import { Detail } from '@/parts/error-notice';
import type { TestRun } from './test-runs';

const OUTCOMES: Record<Exclude<StepOutcomeView, 'trying'>, { look: Step['state']; word: () => string }> = {
  passed: { look: 'done', word: m.test_step_passed },
  noted: { look: 'noted', word: m.test_step_noted },
  failed: { look: 'bad', word: m.test_step_failed },
  skipped: { look: 'open', word: m.test_step_skipped },
};

/** A connection test step by step, so that the one that failed has a name. While it runs, what is tried now stands last. */
export function TestSteps({ kind, run }: { kind: string; run: TestRun }) {
  const ended = run.steps.map((step, index): Step => {
    const { look, word } = OUTCOMES[step.outcome === 'trying' ? 'skipped' : step.outcome];
    const said = step.said.map((one) => sayIn(kind, one)).join('; ');
    return {
      key: `${index}`,
      state: look,
      stateLabel: word(),
      text: sayIn(kind, step.name),
      detail: said || step.fact,
      more: step.technical === null ? null : <Detail text={step.technical} />,
      aside: step.milliseconds === 0 ? null : m.milliseconds({ n: formatNumber(step.milliseconds, locale()) }),
    };
  });
  const now: Step = {
    key: 'now',
    state: 'now',
    text: run.trying === null ? m.testing() : sayIn(kind, run.trying),
    aside: run.trying === null ? null : m.test_step_trying(),
  };
  return (
    <Section title={m.test_steps_at({ at: formatTime(run.at, locale()) })}>
      <Steps label={m.test_steps()} steps={run.running ? [...ended, now] : ended} />
    </Section>
  );
}

/** The step that ended the test, by its name. */
export function failedStep(kind: string, run: TestRun): string | null {
  const step = run.steps.findLast((one) => one.outcome === 'failed');
  return step ? sayIn(kind, step.name) : null;
}
