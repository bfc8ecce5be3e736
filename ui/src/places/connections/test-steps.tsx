import { formatNumber } from '@/domain/measure';
import type { StepOutcomeView, TestStepView } from '@/ipc';
import { Section } from '@/kit/section';
import { type Step, Steps } from '@/kit/steps';
import { locale, m, sayIn } from '@/messages';
import { Detail } from '@/parts/error-notice';

const OUTCOMES: Record<StepOutcomeView, { look: Step['state']; word: () => string }> = {
  passed: { look: 'done', word: m.test_step_passed },
  noted: { look: 'noted', word: m.test_step_noted },
  failed: { look: 'bad', word: m.test_step_failed },
  skipped: { look: 'open', word: m.test_step_skipped },
};

/** A connection test step by step, so that the one that failed has a name. While it runs, each step as it ends. */
export function TestSteps({ kind, steps, running }: { kind: string; steps: readonly TestStepView[]; running: boolean }) {
  const ended = steps.map((step, index): Step => {
    const { look, word } = OUTCOMES[step.outcome];
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
  const now: Step = { key: 'now', state: 'now', text: m.testing() };
  return (
    <Section title={m.test_steps()}>
      <Steps label={m.test_steps()} steps={running ? [...ended, now] : ended} />
    </Section>
  );
}
