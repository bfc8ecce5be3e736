import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatNumber } from '@/domain/measure';
import { formatExact, formatMoment, formatRelative } from '@/domain/moment';
import { folderOf, shownName } from '@/domain/path';
import type { AttentionKindView, AttentionView, GroupKeyView, NeedView } from '@/ipc';
import { Button } from '@/kit/button';
import { cx } from '@/kit/class-names';
import { EmptyState } from '@/kit/empty-state';
import { Page } from '@/kit/page';
import { Skeleton } from '@/kit/skeleton';
import { TaskLine, TaskList, TaskPart } from '@/kit/task-list';
import { locale, m } from '@/messages';
import { useAskedAbout } from '@/parts/asked-about';
import { answerLabel, attentionLine, fact, groupDetail, groupLine } from '@/parts/attention-facts';
import { useCommands } from '@/parts/commands';
import { DemoTag, useDemoBeside } from '@/parts/demo-tag';
import { ErrorNotice } from '@/parts/error-notice';
import { NeedIcon, needTone } from '@/parts/need-icon';
import { needKey, needWords, useGoToNeed } from '@/parts/needs';
import { openAttention } from '@/parts/open-dialog';
import { useNow } from '@/parts/use-now';
import { attentionPages, needs as needsQuery } from '@/queries';
import styles from './attention.module.css';

const KEYS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export function Attention() {
  const asked = useQuery(needsQuery);
  const groups = asked.data ?? [];
  const demo = useDemoBeside();
  const askedAbout = useAskedAbout();
  const go = useGoToNeed();
  useCommands(
    groups.slice(0, KEYS.length).map((group, at) => ({
      id: `attention.answer-${at + 1}`,
      title: groupLine(group, askedAbout(group.question)),
      group: m.attention_title(),
      keys: KEYS[at] ?? '',
      run: () => go(group),
    })),
  );
  return (
    <Page title={m.attention_title()} sub={groups.length > 0 ? needWords(groups.length) : ''} actions={null}>
      <div className={styles.list}>
        {asked.isError ? (
          <div className={styles.notice}>
            <ErrorNotice reason={asked.error} about={m.attention_title()} actions={<Button onPress={() => void asked.refetch()}>{m.read_again()}</Button>} />
          </div>
        ) : null}
        {asked.isPending ? <Skeleton label={m.loading()} lines={4} shape="rows" /> : null}
        {asked.isSuccess && groups.length === 0 ? <EmptyState title={m.attention_none()}>{m.attention_none_body()}</EmptyState> : null}
        {groups.length > 0 ? (
          <TaskList framed>
            {groups.map((group, at) => (
              <Group
                key={needKey(group)}
                group={group}
                question={askedAbout(group.question)}
                shortcut={KEYS[at]}
                demo={demo.has(group.connection?.id ?? '')}
                onGo={() => go(group)}
              />
            ))}
          </TaskList>
        ) : null}
      </div>
    </Page>
  );
}

/** Which questions a thing stands for; none where it is mended elsewhere. */
function questionsOf({ question, kind, connection, run }: NeedView): GroupKeyView | null {
  return question === null ? null : { kind: kind as AttentionKindView, connection: connection?.id ?? null, run: run?.id ?? null };
}

function Group({
  group,
  question,
  shortcut,
  demo,
  onGo,
}: {
  group: NeedView;
  question: AttentionView | undefined;
  shortcut: string | undefined;
  demo: boolean;
  onGo: () => void;
}) {
  const [open, setOpen] = useState(false);
  const now = useNow('minute');
  const questions = questionsOf(group);
  const several = questions !== null && group.count > 1;
  const title = groupLine(group, question);
  return (
    <TaskLine
      label={title}
      icon={<NeedIcon kind={group.kind} question={question} />}
      tone={needTone(group.kind, question)}
      title={title}
      tag={demo ? <DemoTag /> : null}
      detail={groupDetail(group, question)}
      since={formatRelative(group.since, now, locale())}
      sinceTitle={formatExact(group.since, locale())}
      more={
        several ? (
          <Button tone="quiet" aria-expanded={open} aria-label={m.attention_show_all({ title })} onPress={() => setOpen(!open)}>
            <ChevronRight aria-hidden size={15} className={cx(open && styles.open)} />
            <span className={styles.each}>{m.attention_each()}</span>
          </Button>
        ) : null
      }
      action={
        <Button shortcut={shortcut} onPress={onGo}>
          {questions === null ? m.today_look() : group.kind === 'conflict' && several ? m.attention_answer_all() : answerLabel(question)}
        </Button>
      }
    >
      {open && questions ? <Rows group={questions} total={group.count} /> : null}
    </TaskLine>
  );
}

/** The questions of a group, a page at a time. */
function Rows({ group, total }: { group: GroupKeyView; total: number }) {
  const pages = useInfiniteQuery(attentionPages(group));
  const now = useNow('minute');
  const rows = pages.data?.pages.flat() ?? [];
  return (
    <>
      {pages.isError ? <ErrorNotice reason={pages.error} about={m.attention_title()} /> : null}
      {pages.isPending ? <Skeleton label={m.loading()} lines={3} shape="rows" /> : null}
      <ul>
        {rows.map((one) => (
          <TaskPart
            key={one.id}
            name={attentionLine(one)}
            detail={shownName(folderOf(fact(one, 'path') ?? ''))}
            since={formatMoment(one.raisedAt, now, locale())}
            sinceTitle={formatExact(one.raisedAt, locale())}
            action={
              <Button tone="quiet" onPress={() => openAttention(one.id)}>
                {answerLabel(one)}
              </Button>
            }
          />
        ))}
      </ul>
      {pages.hasNextPage ? (
        <div className={styles.more}>
          <Button isDisabled={pages.isFetchingNextPage} onPress={() => void pages.fetchNextPage()}>
            {m.attention_more()}
          </Button>
          <span className={styles.shown}>{m.attention_shown({ n: formatNumber(rows.length, locale()), total: formatNumber(total, locale()) })}</span>
        </div>
      ) : null}
    </>
  );
}
