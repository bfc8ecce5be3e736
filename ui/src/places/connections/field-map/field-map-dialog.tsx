import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useEffect, useState } from 'react';
import { madeOf, readMap, writeMap } from '@/domain/field-map';
import { formatNumber } from '@/domain/measure';
import type { MapFaultView } from '@/ipc';
import { Button } from '@/kit/button';
import { Callout } from '@/kit/callout';
import { Dialog } from '@/kit/dialog';
import { TextField } from '@/kit/field';
import { Segmented } from '@/kit/segmented';
import { locale, m, sayIn, sentence } from '@/messages';
import { ErrorNotice } from '@/parts/error-notice';
import { mapPreview } from '@/queries';
import styles from './field-map.module.css';
import { MapRows } from './map-rows';

interface Props {
  kind: string;
  title: string;
  map: string;
  onMap: (map: string) => void;
  sample: string;
  onSample: (sample: string) => void;
  /** Whether the sample stays with the connection. */
  isKept: boolean;
  onClose: () => void;
}

/** So long after the last letter the map is tried. */
const RESTS_MS = 120;

/** A field map beside a sample, and what becomes of it with each key. Everything typed is in the form at once. */
export function FieldMapDialog({ kind, title, map, onMap, sample, onSample, isKept, onClose }: Props) {
  const [asText, setAsText] = useState(false);
  const [tried, setTried] = useState({ map, sample });
  useEffect(() => {
    const rests = setTimeout(() => setTried({ map, sample }), RESTS_MS);
    return () => clearTimeout(rests);
  }, [map, sample]);
  const { data, error } = useQuery(mapPreview(kind, tried.map, tried.sample));
  const preview = useDeferredValue(data);
  const rows = readMap(map);
  const faults = preview?.faults ?? [];
  const ofWhole = faults.filter((fault) => fault.row === null);
  const faultOf = (row: number) => {
    const fault = faults.find((one) => one.row === row);
    return fault ? sentence(sayIn(kind, fault.why)) : null;
  };
  const say = (fault: MapFaultView) => <p key={fault.why.text}>{sentence(sayIn(kind, fault.why))}</p>;
  return (
    <Dialog title={title} onClose={onClose} closeLabel={m.close()} wide="list" actions={<Button tone="go" onPress={onClose}>{m.map_done()}</Button>}>
      {/* What is pasted here belongs to the map, not to the form around it. */}
      <div className={styles.panes} onPaste={(event) => event.stopPropagation()}>
        <div className={styles.pane}>
          <span className={styles.head}>
            <Segmented
              label={m.map_looks()}
              segments={[{ id: 'rows', label: m.map_as_rows(), disabled: rows === null }, { id: 'text', label: m.map_as_text() }]}
              chosen={asText || rows === null ? 'text' : 'rows'}
              onChoose={(id) => setAsText(id === 'text')}
            />
          </span>
          {asText || rows === null ? (
            <>
              <TextField label={m.map_text()} help={rows === null ? m.map_only_text() : m.map_text_help()} value={map} onChange={onMap} rows={18} mono />
              {faults.length > 0 ? (
                <Callout tone="bad" title={m.map_faults({ count: faults.length, n: formatNumber(faults.length, locale()) })}>
                  {faults.map(say)}
                </Callout>
              ) : null}
            </>
          ) : (
            <MapRows
              rows={rows}
              onRows={(next) => onMap(writeMap(next))}
              sample={sample}
              madeOf={sample.trim() === '' || !preview ? null : (target) => madeOf(preview.result, target)}
              faultOf={faultOf}
            />
          )}
        </div>
        <div className={styles.pane}>
          <TextField
            label={m.map_sample()}
            help={isKept ? m.map_sample_kept() : m.map_sample_not_kept()}
            value={sample}
            onChange={onSample}
            rows={10}
            mono
            error={rows === null || ofWhole.length === 0 ? undefined : ofWhole.map((fault) => sentence(sayIn(kind, fault.why))).join(' ')}
          />
          <section className={styles.result} aria-label={m.map_result()}>
            <h3 className={styles.label}>{m.map_result()}</h3>
            {error ? <ErrorNotice reason={error} about={title} /> : <Outcome faults={faults.length} result={preview?.result ?? null} isTried={sample.trim() !== ''} />}
          </section>
        </div>
      </div>
    </Dialog>
  );
}

function Outcome({ faults, result, isTried }: { faults: number; result: string | null; isTried: boolean }) {
  const words = faults > 0 ? m.map_faults({ count: faults, n: formatNumber(faults, locale()) }) : isTried ? m.map_fits() : m.map_no_sample();
  return (
    <>
      <p role="status" className={faults > 0 ? styles.wrong : isTried ? styles.fits : styles.help}>
        {result === null ? null : words}
      </p>
      {isTried && result !== null && result !== 'null' ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls is reached by keyboard
        <pre className={styles.json} tabIndex={0} aria-label={m.map_result()}>{result}</pre>
      ) : null}
    </>
  );
}
