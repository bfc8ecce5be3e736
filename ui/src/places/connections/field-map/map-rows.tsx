import { Plus } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { type MapRow, moved, placesOf, textOf } from '@/domain/field-map';
import { Button } from '@/kit/button';
import { m } from '@/messages';
import styles from './field-map.module.css';
import { RowCard } from './row-card';

interface Props {
  rows: readonly MapRow[];
  onRows: (rows: readonly MapRow[]) => void;
  sample: string;
  /** What a row made of the sample; nothing where there is none to try. */
  madeOf: ((target: string) => string | null) | null;
  /** What is wrong with a row, counted from one. */
  faultOf: (row: number) => string | null;
}

/** The rows of a field map, in their order. */
export function MapRows({ rows, onRows, sample, madeOf, faultOf }: Props) {
  const list = useRef<HTMLOListElement>(null);
  const foot = useRef<HTMLSpanElement>(null);
  /** The part of a row that gets the focus with the next drawing. */
  const goes = useRef<{ row: number; part: string } | null>(null);
  useEffect(() => {
    const wanted = goes.current;
    if (wanted === null) return;
    goes.current = null;
    const card = list.current?.children.item(wanted.row);
    if (!card) return foot.current?.querySelector('button')?.focus();
    const usable = (part: string) => card.querySelector<HTMLElement>(`[data-part="${part}"] :is(input, button):not(:disabled)`);
    (usable(wanted.part) ?? usable('target'))?.focus();
  });
  const places = placesOf(sample);
  function move(at: number, by: 1 | -1, part: string) {
    if (!rows[at + by]) return;
    goes.current = { row: at + by, part };
    onRows(moved(rows, at, by));
  }
  function onKeyDown(event: KeyboardEvent<HTMLElement>, at: number) {
    if (!event.altKey || event.ctrlKey || event.metaKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return;
    event.preventDefault();
    event.stopPropagation();
    const part = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-part]')?.dataset.part : undefined;
    move(at, event.key === 'ArrowUp' ? -1 : 1, part ?? 'target');
  }
  return (
    <>
      {rows.length === 0 ? (
        <div className={styles.empty}>
          <strong>{m.map_empty_title()}</strong>
          <span className={styles.help}>{m.map_empty_body()}</span>
        </div>
      ) : (
        <ol ref={list} className={styles.rows} aria-label={m.map_rows()}>
          {rows.map((row, at) => (
            // A row is its place in the list: two may be alike, and what is typed changes all else of it.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={at} onKeyDownCapture={(event) => onKeyDown(event, at)}>
              <RowCard
                number={at + 1}
                row={row}
                isLast={at + 1 === rows.length}
                places={places}
                made={madeOf ? madeOf(textOf(row, 'target')) : undefined}
                fault={faultOf(at + 1)}
                onChange={(next) => onRows(rows.with(at, next))}
                onMove={(by) => move(at, by, by === 1 ? 'down' : 'up')}
                onRemove={() => {
                  goes.current = { row: Math.min(at, rows.length - 2), part: 'remove' };
                  onRows(rows.toSpliced(at, 1));
                }}
              />
            </li>
          ))}
        </ol>
      )}
      <span ref={foot} className={styles.foot}>
        <Button
          onPress={() => {
            goes.current = { row: rows.length, part: 'target' };
            onRows([...rows, { target: '', pointer: '' }]);
          }}
        >
          <Plus aria-hidden size={14} />
          {m.map_add()}
        </Button>
        {rows.length > 1 ? <span className={styles.help}>{m.map_keys()}</span> : null}
      </span>
    </>
  );
}
