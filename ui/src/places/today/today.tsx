import { useQuery } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import type { TodayView } from '@/ipc';
import { Button } from '@/kit/button';
import { Page } from '@/kit/page';
import { Skeleton } from '@/kit/skeleton';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { openSend } from '@/parts/open-dialog';
import { about, connections, demoState, today as todayQuery } from '@/queries';
import { FirstStart } from './first-start';
import { Glance } from './glance';
import { Guide, useGuide } from './guide';
import { Needs } from './needs';
import { Runs } from './runs';
import styles from './today.module.css';

export function Today() {
  const day = useQuery(todayQuery);
  const places = useQuery(connections).data;
  const data = day.data;
  const fresh = data !== undefined && places?.length === 0 && data.runs.length === 0 && data.needs.length === 0;
  return (
    <Page
      title={m.place_today()}
      sub={data && !fresh ? summary(data) : ''}
      actions={
        fresh ? null : (
          <Button tone="go" onPress={() => openSend([], null)}>
            {m.send_files()}
          </Button>
        )
      }
    >
      {day.isError ? (
        <div className={styles.notice}>
          <ErrorNotice reason={day.error} about={m.place_today()} actions={<Button onPress={() => void day.refetch()}>{m.read_again()}</Button>} />
        </div>
      ) : null}
      {data === undefined && !day.isError ? (
        <div className={styles.notice}>
          <Skeleton label={m.loading()} lines={6} shape="rows" />
        </div>
      ) : null}
      {fresh ? <FirstStart /> : null}
      {data && !fresh ? <Day day={data} /> : null}
    </Page>
  );
}

function Day({ day }: { day: TodayView }) {
  const samples = useSamples();
  const guide = useGuide(day, samples);
  return (
    <div className={styles.columns}>
      <div className={styles.list}>
        {guide === null ? null : <Guide step={guide} samples={samples} day={day} />}
        <Needs needs={day.needs} quiet={guide !== null} />
        <Runs day={day} />
      </div>
      <Glance day={day} />
    </div>
  );
}

/** The documents of a demo, whether the whole home is one or it was joined beside one's own connections. */
function useSamples(): readonly string[] {
  const beside = useQuery(demoState).data?.samples ?? [];
  const whole = useQuery(about).data?.samples ?? [];
  return beside.length > 0 ? beside : whole;
}

function summary(day: TodayView): string {
  const number = (value: number) => formatNumber(value, locale());
  const questions = day.needs.reduce((sum, need) => sum + (need.question === null ? 0 : need.count), 0);
  const failed = day.needs.reduce((sum, need) => sum + (need.kind === 'failed' ? need.count : 0), 0);
  const others = day.needs.length;
  return [
    questions > 0 ? m.needs_you_count({ count: questions, n: number(questions) }) : '',
    failed > 0 ? m.run_failed({ n: number(failed) }) : '',
    questions + failed > 0 ? '' : others > 0 ? m.today_needs({ n: number(others) }) : m.today_nothing_needs(),
    day.counts.running > 0 ? m.transfers_running({ n: number(day.counts.running) }) : '',
    day.matched > 0 ? m.today_matched({ n: number(day.matched) }) : '',
  ]
    .filter(Boolean)
    .join(', ');
}
