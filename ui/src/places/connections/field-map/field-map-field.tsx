import { useState } from 'react';
import { Button } from '@/kit/button';
import { m } from '@/messages';
import { FieldMapDialog } from './field-map-dialog';
import styles from './field-map.module.css';
import { mapInALine } from './in-a-line';

export interface FieldMapProps {
  /** The connector that reads the map. */
  kind: string;
  label: string;
  help: string;
  value: string;
  onChange: (map: string) => void;
  error: string | undefined;
  /** Where the sample is kept; without it, it lasts as long as the form. */
  kept: { sample: string; onSample: (sample: string) => void; error: string | undefined } | null;
}

/** A field map in a form: what it holds in a line, and the way to its rows. */
export function FieldMapField({ kind, label, help, value, onChange, error, kept }: FieldMapProps) {
  const [open, setOpen] = useState(false);
  const [ownSample, setOwnSample] = useState('');
  const wrong = error ?? kept?.error;
  return (
    <div className={styles.field} role="group" aria-label={label}>
      <span className={styles.label}>{label}</span>
      <span className={styles.fieldLine}>
        <span className={styles.summary}>{mapInALine(value)}</span>
        <Button onPress={() => setOpen(true)}>{m.map_edit()}</Button>
      </span>
      {help ? <span className={styles.help}>{help}</span> : null}
      {wrong ? <span className={styles.wrong}>{wrong}</span> : null}
      {open ? (
        <FieldMapDialog
          kind={kind}
          title={label}
          map={value}
          onMap={onChange}
          sample={kept ? kept.sample : ownSample}
          onSample={kept ? kept.onSample : setOwnSample}
          isKept={kept !== null}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </div>
  );
}
