import { Plus, Trash2 } from 'lucide-react';
import { ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import type { SlotView, TimetableView, WeekdayView } from '@/ipc';
import { Button, IconButton } from '@/kit/button';
import { Switch } from '@/kit/switch';
import { locale, m } from '@/messages';
import { HoursFields } from './hours-fields';
import { RateField } from './rate-field';
import styles from './settings.module.css';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const satisfies readonly WeekdayView[];
const OFFICE: SlotView = { days: DAYS.slice(0, 5), hours: { from: 8 * 60, to: 18 * 60 }, bytesPerSecond: 5_000_000 };

/** “Mon” as the language writes it. The first of January 2024 was a Monday. */
function dayName(index: number, form: 'short' | 'long'): string {
  return new Intl.DateTimeFormat(locale(), { weekday: form }).format(new Date(2024, 0, index + 1));
}

/** The lines of the timetable, in the order in which they count. */
export function TimetableFields({ timetable, onChange }: { timetable: TimetableView; onChange: (table: TimetableView) => void }) {
  const { slots } = timetable;
  const put = (index: number, slot: SlotView) => onChange({ ...timetable, slots: slots.with(index, slot) });
  return (
    <>
      <Switch
        label={m.settings_limits_timetable_on()}
        on={timetable.on}
        onChange={(on) => onChange({ on, slots: on && slots.length === 0 ? [OFFICE] : slots })}
      />
      {timetable.on ? (
        <>
          {slots.map((slot, index) => (
            // A line is its place in the order: there is nothing else that it could be told by.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className={styles.slot} role="group" aria-label={m.settings_limits_slot({ n: index + 1 })}>
              <div className={styles.row}>
                <ToggleButtonGroup
                  aria-label={m.settings_limits_slot_days()}
                  selectionMode="multiple"
                  disallowEmptySelection
                  className={styles.days}
                  selectedKeys={slot.days}
                  onSelectionChange={(keys) => put(index, { ...slot, days: DAYS.filter((day) => keys.has(day)) })}
                >
                  {DAYS.map((day, at) => (
                    <ToggleButton key={day} id={day} className={styles.day}>
                      <span title={dayName(at, 'long')}>{dayName(at, 'short')}</span>
                    </ToggleButton>
                  ))}
                </ToggleButtonGroup>
                <span className={styles.push}>
                  <IconButton
                    label={m.settings_limits_slot_remove({ n: index + 1 })}
                    onPress={() => onChange({ ...timetable, slots: slots.filter((_, at) => at !== index) })}
                  >
                    <Trash2 aria-hidden size={15} />
                  </IconButton>
                </span>
              </div>
              <HoursFields hours={slot.hours} onChange={(hours) => put(index, { ...slot, hours })} />
              <RateField
                label={m.settings_limits_at_most()}
                off={m.settings_limits_slot_limit()}
                value={slot.bytesPerSecond}
                onChange={(bytesPerSecond) => put(index, { ...slot, bytesPerSecond })}
              />
            </div>
          ))}
          <div className={styles.row}>
            <Button isDisabled={slots.length >= 24} onPress={() => onChange({ ...timetable, slots: [...slots, OFFICE] })}>
              <Plus aria-hidden size={14} />
              {m.settings_limits_slot_add()}
            </Button>
            <span className={styles.beside}>{m.settings_limits_slot_order()}</span>
          </div>
        </>
      ) : null}
    </>
  );
}
