import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { formatSpeed } from '@/domain/measure';
import { formatExact, formatMoment } from '@/domain/moment';
import type { LimitsView } from '@/ipc';
import { Button } from '@/kit/button';
import { NumberField } from '@/kit/number-field';
import { Select } from '@/kit/select';
import { Switch } from '@/kit/switch';
import { locale, m } from '@/messages';
import { tellError } from '@/parts/error-notice';
import { useNow } from '@/parts/use-now';
import { endLimitForNow, limitForNow, limitNow, setLimits } from '@/queries';
import { Block } from './block';
import { RateField } from './rate-field';
import type { SectionProps } from './section-props';
import styles from './settings.module.css';
import { TimetableFields } from './timetable-fields';
import { useSaved } from './use-saved';

export function LimitsSection({ settings }: SectionProps) {
  const { limits } = settings;
  const { save, refused } = useSaved(setLimits, limits, m.settings_limits());
  const change = (part: Partial<LimitsView>) => save({ ...limits, ...part });
  return (
    <>
      {refused}
      <NowBlock />
      <Block title={m.settings_limits_bandwidth()} why={m.settings_limits_bandwidth_why()}>
        <RateField
          label={m.settings_limits_at_most()}
          off={m.settings_limits_bandwidth_on()}
          value={limits.bytesPerSecond}
          onChange={(bytesPerSecond) => change({ bytesPerSecond })}
        />
      </Block>
      <Block title={m.settings_limits_timetable()} why={m.settings_limits_timetable_why()}>
        <TimetableFields timetable={limits.timetable} onChange={(timetable) => change({ timetable })} />
      </Block>
      <Block title={m.settings_limits_files()} why={m.settings_limits_files_why()}>
        <CountField
          on={m.settings_limits_files_on()}
          label={m.settings_limits_files_most()}
          first={8}
          max={256}
          value={limits.filesAtOnce}
          help={m.settings_limits_files_range()}
          onChange={(filesAtOnce) => change({ filesAtOnce })}
        />
        <CountField
          on={m.settings_limits_per_connection()}
          label={m.settings_limits_per_connection_most()}
          first={4}
          max={64}
          value={limits.filesPerConnection}
          help={m.settings_limits_per_connection_range()}
          onChange={(filesPerConnection) => change({ filesPerConnection })}
        />
      </Block>
    </>
  );
}

function CountField({
  on,
  label,
  first,
  max,
  value,
  help,
  onChange,
}: {
  on: string;
  label: string;
  first: number;
  max: number;
  value: number | null;
  help: string;
  onChange: (value: number | null) => void;
}) {
  return (
    <>
      <Switch label={on} on={value !== null} onChange={(isOn) => onChange(isOn ? first : null)} />
      {value === null ? null : (
        <NumberField
          label={label}
          value={value}
          onChange={(number) => onChange(number ?? first)}
          units={[{ id: 'files', label: m.settings_limits_files_unit() }]}
          unit="files"
          min={1}
          max={max}
          step={1}
          help={help}
        />
      )}
    </>
  );
}

const SPANS = [15, 60, 240, 480] as const;
const RATES = [null, 200_000, 1_000_000, 5_000_000, 20_000_000] as const;

/** The limit that holds this minute and why, and another one for a while. */
function NowBlock() {
  const held = useQuery(limitNow);
  const now = useNow('minute');
  const until = held.data?.until ?? null;
  const { refetch } = held;
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setTimeout(() => void refetch(), Math.max(1000, Math.min(until - Date.now(), 2_000_000_000)));
    return () => clearTimeout(timer);
  }, [until, refetch]);
  const [minutes, setMinutes] = useState<string>('60');
  const [rate, setRate] = useState<string>('1000000');
  const told = { onError: (reason: unknown) => tellError(reason, m.settings_limits_for_now()) };
  const setting = useMutation({ ...limitForNow, ...told });
  const ending = useMutation({ ...endLimitForNow, ...told });
  const speed = (bytes: number | null) => (bytes === null ? m.settings_limits_none() : formatSpeed(bytes, locale()));
  const why = { always: m.settings_limits_why_always(), timetable: m.settings_limits_why_timetable(), 'for-now': m.settings_limits_why_for_now() };
  return (
    <Block title={m.settings_limits_for_now()} why={m.settings_limits_for_now_why()}>
      {held.data ? (
        <div className={styles.now} role="status">
          <strong>{speed(held.data.bytesPerSecond)}</strong>
          <span title={until === null ? undefined : formatExact(until, locale())}>
            {why[held.data.reason]}
            {until === null ? '' : `, ${m.settings_limits_until({ at: formatMoment(until, now, locale()) })}`}
          </span>
          {held.data.reason === 'for-now' ? (
            <span className={styles.push}>
              <Button isDisabled={ending.isPending} onPress={() => ending.mutate()}>
                {m.settings_limits_for_now_end()}
              </Button>
            </span>
          ) : null}
        </div>
      ) : null}
      <div className={styles.row}>
        <Select
          label={m.settings_limits_for_now_rate()}
          value={rate}
          onChange={setRate}
          options={RATES.map((bytes) => ({ id: String(bytes), label: speed(bytes) }))}
        />
        <Select
          label={m.settings_limits_for_now_span()}
          value={minutes}
          onChange={setMinutes}
          options={SPANS.map((span) => ({
            id: String(span),
            label: span < 60 ? m.settings_limits_minutes({ n: span }) : m.settings_limits_hours({ count: span / 60, n: String(span / 60) }),
          }))}
        />
        <Button
          isDisabled={setting.isPending}
          onPress={() => setting.mutate({ bytesPerSecond: rate === 'null' ? null : Number(rate), minutes: Number(minutes) })}
        >
          {m.settings_limits_for_now_set()}
        </Button>
      </div>
    </Block>
  );
}
