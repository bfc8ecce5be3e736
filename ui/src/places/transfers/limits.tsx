import { useMutation, useQuery } from '@tanstack/react-query';
import { Gauge } from 'lucide-react';
import { useState } from 'react';
import { formatNumber, formatSpeed } from '@/domain/measure';
import { formatTime } from '@/domain/moment';
import type { LimitNowView, LimitsView } from '@/ipc';
import { Button } from '@/kit/button';
import { NumberField } from '@/kit/number-field';
import { Popover } from '@/kit/popover';
import { Segmented } from '@/kit/segmented';
import { locale, m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { endLimitForNow, limitForNow, limitNow, setLimits, settings } from '@/queries';
import styles from './limits.module.css';

const MB = 1_000_000;
const HOUR = '60';
const EVENING = '480';

/** How fast it may go and how much at once, at hand: what holds now stands on the button. */
export function LimitsButton() {
  const now = useQuery(limitNow).data;
  const limits = useQuery(settings).data?.limits;
  const limited = now !== undefined && now.bytesPerSecond !== null;
  const text = limited ? formatSpeed(now.bytesPerSecond ?? 0, locale()) : '';
  return (
    <Popover
      label={m.limits()}
      trigger={
        <Button aria-label={limited ? m.limits_now({ speed: text }) : m.limits()}>
          <Gauge aria-hidden size={15} />
          {limited ? <span className={styles.now}>{text}</span> : null}
        </Button>
      }
    >
      {limits && now ? <Limits limits={limits} now={now} /> : <p>{m.limits_unknown()}</p>}
    </Popover>
  );
}

function holds(now: LimitNowView): string {
  const speed = now.bytesPerSecond === null ? null : formatSpeed(now.bytesPerSecond, locale());
  if (now.reason === 'for-now' && now.until !== null) {
    const time = formatTime(now.until, locale());
    return speed === null ? m.limits_off_until({ time }) : m.limits_until({ speed, time });
  }
  if (speed === null) return m.limits_none();
  return now.reason === 'timetable' ? m.limits_by_timetable({ speed }) : m.limits_always({ speed });
}

function Limits({ limits, now }: { limits: LimitsView; now: LimitNowView }) {
  const failed = (reason: Error) => tellError(reason, m.limits());
  const forNow = useMutation({ ...limitForNow, onError: failed });
  const end = useMutation({ ...endLimitForNow, onError: failed });
  const keep = useMutation({ ...setLimits, onError: failed });
  const [speed, setSpeed] = useState<number | null>(Math.round((now.bytesPerSecond ?? limits.bytesPerSecond ?? 10 * MB) / MB));
  const [minutes, setMinutes] = useState<typeof HOUR | typeof EVENING>(HOUR);
  const files = limits.filesAtOnce;
  const setFiles = (filesAtOnce: number | null) => keep.mutate({ ...limits, filesAtOnce });
  return (
    <div className={styles.form}>
      <p role="status" className={styles.holds}>
        {holds(now)}
      </p>
      <NumberField label={m.limits_speed()} value={speed} onChange={setSpeed} units={[{ id: 'mb', label: 'MB/s' }]} unit="mb" min={1} max={100_000} />
      <Segmented
        label={m.limits_how_long()}
        chosen={minutes}
        onChoose={setMinutes}
        segments={[
          { id: HOUR, label: m.limits_an_hour() },
          { id: EVENING, label: m.limits_a_day() },
        ]}
      />
      <div className={styles.buttons}>
        <Button tone="go" isDisabled={speed === null || forNow.isPending} onPress={() => forNow.mutate({ bytesPerSecond: (speed ?? 1) * MB, minutes: Number(minutes) })}>
          {m.limits_set()}
        </Button>
        {now.reason === 'for-now' ? (
          <Button onPress={() => end.mutate()}>{m.limits_end()}</Button>
        ) : (
          <Button isDisabled={now.bytesPerSecond === null} onPress={() => forNow.mutate({ bytesPerSecond: null, minutes: Number(minutes) })}>
            {m.limits_off()}
          </Button>
        )}
      </div>
      <div className={styles.files}>
        <NumberField label={m.limits_files()} value={files} onChange={setFiles} units={[{ id: 'files', label: m.limits_files_unit() }]} unit="files" min={1} max={256} help={files === null ? m.limits_files_auto() : undefined} />
        {files === null ? null : <Button onPress={() => setFiles(null)}>{m.limits_files_free({ n: formatNumber(files, locale()) })}</Button>}
      </div>
    </div>
  );
}
