import type { HoursView } from '@/ipc';
import { m } from '@/messages';
import { readMinute, showMinute } from './clock';
import { CommitField } from './commit-field';
import styles from './settings.module.css';

/** From when to when; where the end is not later it goes over midnight, which is said. */
export function HoursFields({ hours, onChange }: { hours: HoursView; onChange: (hours: HoursView) => void }) {
  const read = (last: number) => (text: string) => {
    const minute = readMinute(text);
    return minute === undefined || minute > last ? { wrong: m.hours_wrong() } : { value: showMinute(minute) };
  };
  return (
    <div className={styles.row}>
      <CommitField
        className={styles.time}
        label={m.hours_from()}
        value={showMinute(hours.from)}
        read={read(1439)}
        onCommit={(text) => onChange({ ...hours, from: readMinute(text) ?? hours.from })}
      />
      <CommitField
        className={styles.time}
        label={m.hours_to()}
        value={showMinute(hours.to)}
        read={read(1440)}
        onCommit={(text) => onChange({ ...hours, to: readMinute(text) ?? hours.to })}
      />
      <span className={styles.beside}>{hours.to <= hours.from ? m.hours_over_midnight() : m.hours_local()}</span>
    </div>
  );
}
