import { CircleCheck } from 'lucide-react';
import { formatExact, formatRelative } from '@/domain/moment';
import type { AttentionView, NeedView } from '@/ipc';
import { Button } from '@/kit/button';
import { TaskLine, TaskList } from '@/kit/task-list';
import { locale, m } from '@/messages';
import { useAskedAbout } from '@/parts/asked-about';
import { answerLabel, groupDetail, groupLine } from '@/parts/attention-facts';
import { useCommands } from '@/parts/commands';
import { DemoTag, useDemoBeside } from '@/parts/demo-tag';
import { NeedIcon, needTone } from '@/parts/need-icon';
import { needKey, useGoToNeed } from '@/parts/needs';
import { useNow } from '@/parts/use-now';
import styles from './today.module.css';

/** Keys for the first nine; who has more begins with those. */
const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** What needs a person, the most pressing first, with one key each to answer or to go there. */
export function Needs({ needs, quiet }: { needs: readonly NeedView[]; quiet: boolean }) {
  const go = useGoToNeed();
  const demo = useDemoBeside();
  const askedAbout = useAskedAbout();
  useCommands(
    needs.slice(0, KEYS.length).map((need, at) => ({
      id: `today.need-${at + 1}`,
      title: groupLine(need, askedAbout(need.question)),
      group: m.today_needs_you(),
      keys: KEYS[at] ?? '',
      run: () => go(need),
    })),
  );
  if (needs.length === 0) {
    if (quiet) return null;
    return (
      <p className={styles.calm}>
        <CircleCheck aria-hidden size={17} strokeWidth={1.75} />
        {m.today_calm()}
      </p>
    );
  }
  return (
    <section className={styles.section} aria-labelledby="today-needs">
      <h2 id="today-needs" className={styles.heading}>
        {m.today_needs_you()}
      </h2>
      <TaskList>
        {needs.map((need, at) => (
          <Need
            key={needKey(need)}
            need={need}
            question={askedAbout(need.question)}
            shortcut={KEYS[at]}
            demo={demo.has(need.connection?.id ?? '')}
            onGo={() => go(need)}
          />
        ))}
      </TaskList>
    </section>
  );
}

function Need({
  need,
  question,
  shortcut,
  demo,
  onGo,
}: {
  need: NeedView;
  question: AttentionView | undefined;
  shortcut: string | undefined;
  demo: boolean;
  onGo: () => void;
}) {
  const now = useNow('minute');
  return (
    <TaskLine
      icon={<NeedIcon kind={need.kind} question={question} />}
      tone={needTone(need.kind, question)}
      title={groupLine(need, question)}
      tag={demo ? <DemoTag /> : null}
      detail={groupDetail(need, question)}
      since={formatRelative(need.since, now, locale())}
      sinceTitle={formatExact(need.since, locale())}
      action={
        <Button shortcut={shortcut} onPress={onGo}>
          {need.question === null ? m.today_look() : answerLabel(question)}
        </Button>
      }
    />
  );
}
