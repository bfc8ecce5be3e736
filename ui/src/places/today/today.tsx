import { useQuery } from '@tanstack/react-query';
import { formatNumber } from '@/domain/measure';
import type { NeedView, TodayView } from '@/ipc';
import { Button } from '@/kit/button';
import { Page } from '@/kit/page';
import { Skeleton } from '@/kit/skeleton';
import { locale, m } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { needWords } from '@/parts/needs';
import { openSend } from '@/parts/open-dialog';
import { about, connections, demoState, needs as needsQuery, today as todayQuery } from '@/queries';
import { FirstStart } from './first-start';
import { Glance } from './glance';
import { Guide, useGuide } from './guide';
import { Needs } from './needs';
import { Runs } from './runs';
import styles from './today.module.css';

export function Today() {
  const day = useQuery(todayQuery);
  const places = useQuery(connections).data;
  const asked = useQuery(needsQuery);
  const data = day.data;
  const needs = asked.data;
  const failed = day.isError ? day : asked.isError ? asked : null;
  const whole = data && needs ? { day: data, needs } : null;
  const fresh = whole !== null && places?.length === 0 && whole.day.runs.length === 0 && whole.needs.length === 0;
  return (
    <Page
      title={m.place_today()}
      sub={whole && !fresh ? summary(whole.day, whole.needs) : ''}
      actions={
        fresh ? null : (
          <Button tone="go" onPress={() => openSend([], null)}>
            {m.send_files()}
          </Button>
        )
      }
    >
      {failed ? (
        <div className={styles.notice}>
          <ErrorNotice reason={failed.error} about={m.place_today()} actions={<Button onPress={() => void failed.refetch()}>{m.read_again()}</Button>} />
        </div>
      ) : null}
      {whole === null && !failed ? (
        <div className={styles.notice}>
          <Skeleton label={m.loading()} lines={6} shape="rows" />
        </div>
      ) : null}
      {fresh ? <FirstStart /> : null}
      {whole && !fresh ? <Day day={whole.day} needs={whole.needs} /> : null}
    </Page>
  );
}

function Day({ day, needs }: { day: TodayView; needs: readonly NeedView[] }) {
  const samples = useSamples();
  const guide = useGuide(day, samples);
  return (
    <div className={styles.columns}>
      <div className={styles.list}>
        {guide === null ? null : <Guide step={guide} samples={samples} day={day} />}
        <Needs needs={needs} quiet={guide !== null} />
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

function summary(day: TodayView, needs: readonly NeedView[]): string {
  const number = (value: number) => formatNumber(value, locale());
  return [
    needs.length > 0 ? needWords(needs.length) : m.today_nothing_needs(),
    day.counts.running > 0 ? m.transfers_running({ n: number(day.counts.running) }) : '',
    day.matched > 0 ? m.today_matched({ n: number(day.matched) }) : '',
  ]
    .filter(Boolean)
    .join(', ');
}
