import { useState } from 'react';
import { NumberField } from '@/kit/number-field';
import { Switch } from '@/kit/switch';
import { m } from '@/messages';

const FACTORS = { kb: 1000, mb: 1_000_000 } as const;
type RateUnit = keyof typeof FACTORS;

/** What a limit begins with when it is turned on. */
const FIRST = 5_000_000;
const SLOWEST = 10_000;
const FASTEST = 100_000_000_000;

/** Bytes a second, or no limit at all. */
export function RateField({
  label,
  off,
  value,
  onChange,
  help,
}: {
  label: string;
  /** The switch that turns it on. */
  off: string;
  value: number | null;
  onChange: (bytesPerSecond: number | null) => void;
  help?: string;
}) {
  const [asked, setAsked] = useState<RateUnit | null>(null);
  const unit = asked ?? (value !== null && value < FACTORS.mb ? 'kb' : 'mb');
  const factor = FACTORS[unit];
  return (
    <>
      <Switch label={off} on={value !== null} onChange={(on) => onChange(on ? FIRST : null)} help={help} />
      {value === null ? null : (
        <NumberField
          label={label}
          value={value / factor}
          onChange={(number) => onChange(Math.round((number ?? FIRST / factor) * factor))}
          units={[
            { id: 'kb', label: 'kB/s' },
            { id: 'mb', label: 'MB/s' },
          ]}
          unit={unit}
          unitLabel={m.settings_limits_unit()}
          onUnit={(next) => {
            setAsked(next);
            onChange(Math.min(FASTEST, Math.max(SLOWEST, Math.round((value / factor) * FACTORS[next]))));
          }}
          min={SLOWEST / factor}
          max={FASTEST / factor}
          help={m.settings_limits_rate_range()}
        />
      )}
    </>
  );
}
