import { formatNumber } from '@/domain/measure';
import type { StepOutcomeView, TestReportView } from '@/ipc';
import { Section } from '@/kit/section';
import { type Step, Steps } from '@/kit/steps';
import { locale, m } from '@/messages';

const OUTCOMES: Record<StepOutcomeView, { look: Step['state']; word: () => string }> = {
  passed: { look: 'done', word: m.test_step_passed },
  noted: { look: 'noted', word: m.test_step_noted },
  failed: { look: 'bad', word: m.test_step_failed },
  skipped: { look: 'open', word: m.test_step_skipped },
};

/** A connection test step by step, so that the one that failed has a name. */
export function TestSteps({ report }: { report: TestReportView }) {
  const steps = report.steps.map((step, index): Step => {
    const { look, word } = OUTCOMES[step.outcome];
    return {
      key: `${index}`,
      state: look,
      stateLabel: word(),
      text: step.name,
      detail: step.detail || null,
      aside: step.milliseconds === 0 ? null : m.milliseconds({ n: formatNumber(step.milliseconds, locale()) }),
    };
  });
  return (
    <Section title={m.test_steps()}>
      <Steps label={m.test_steps()} steps={steps} />
    </Section>
  );
}
